import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** Something a person can do or go to by its name. */
export interface Command { id: string; title: string; about?: string; keys?: string; run(): void }
export interface KeyRow { keys: string; does: string; single?: boolean }
export interface KeyGroup { title: string; rows: KeyRow[] }
/** What a screen and its parts can do is one list, the first. */
export const here = 'On this page'
/** What a part of the screen can do while it stands there. */
export interface Offer { title: string; commands?: Command[]; keys?: KeyGroup[] }

const offers = createStore<{ list: { id: number; read(): Offer }[] }>(() => ({ list: [] }))
let last = 0

/** Offers what a part of the screen can do for as long as it is mounted; read when it is asked for, so that it is never stale. */
export function useOffer(offer: Offer): void {
  const now = useRef(offer)
  now.current = offer
  useEffect(() => {
    const id = ++last
    offers.setState(s => ({ list: [...s.list, { id, read: () => now.current }] }))
    return () => offers.setState(s => ({ list: s.list.filter(x => x.id !== id) }))
  }, [])
}

/** What stands on the screen now, in the order in which its parts came. */
export function useOffers(): Offer[] {
  return useStore(offers).list.map(x => x.read())
}
