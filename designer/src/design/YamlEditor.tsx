import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useDocument, useDocumentState } from '../document/context'

/** The text itself. The document holds its state; this only shows it. */
export function YamlEditor() {
  const document = useDocument()
  const path = useDocumentState(s => s.path)
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const view = new EditorView({ parent: host.current!, state: document.state, dispatchTransactions: transactions => { for (const transaction of transactions) document.dispatch(transaction) } })
    // The scroller is reached by keyboard through its content.
    document.attach(view)
    const selected = document.store.getState().selected
    if (selected) document.reveal(selected)
    return () => { document.detach(); view.destroy() }
  }, [document, path])
  return <div className="yaml-editor" ref={host} />
}
