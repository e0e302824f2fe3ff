import { useEffect, useRef, useState } from 'react'

export interface Window { top: number; height: number; first: number; last: number }

/** The visible part of a long list of rows of one height. */
export function useWindow(count: number, rowHeight: number) {
  const box = useRef<HTMLDivElement>(null)
  const [at, set] = useState({ top: 0, height: 600 })
  useEffect(() => {
    const element = box.current
    if (!element) return
    let frame = 0
    const read = () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(() => set(now => (now.top === element.scrollTop && now.height === element.clientHeight ? now : { top: element.scrollTop, height: element.clientHeight }))) }
    const size = new ResizeObserver(read)
    size.observe(element)
    element.addEventListener('scroll', read, { passive: true })
    read()
    return () => { cancelAnimationFrame(frame); size.disconnect(); element.removeEventListener('scroll', read) }
  }, [])
  const first = Math.max(0, Math.floor(at.top / rowHeight) - 6)
  const last = Math.min(count, Math.ceil((at.top + at.height) / rowHeight) + 6)
  const reveal = (index: number) => {
    const element = box.current
    if (!element || index < 0) return
    const top = index * rowHeight
    if (top < element.scrollTop) element.scrollTop = Math.max(0, top - rowHeight)
    else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight * 2 - element.clientHeight
  }
  return { box, window: { ...at, first, last } satisfies Window, reveal }
}
