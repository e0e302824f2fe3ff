import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { DocumentState, FlowDocument } from './store'

const Context = createContext<FlowDocument | null>(null)
export const DocumentProvider = Context.Provider

export function useDocument(): FlowDocument {
  const document = useContext(Context)
  if (document === null) throw new Error('outside of an open flow')
  return document
}

export function useDocumentState<T>(select: (state: DocumentState) => T): T {
  return useStore(useDocument().store, select)
}
