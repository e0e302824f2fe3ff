import { MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { yaml } from '@codemirror/lang-yaml'
import { syntaxHighlighting } from '@codemirror/language'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useDocument, useDocumentState } from '../document/context'
import { highlighting } from '../document/editorExtensions'
import { Button, Dialog } from '../kit/controls'
import { ago } from '../kit/time'

const words = { saved: 'Draft saved', changed: 'Not saved yet', saving: 'Saving', offline: 'Waiting for the server', failed: 'Not saved', conflict: 'Changed by someone else', gone: 'Deleted by someone else', 'read-only': 'Read only' }

export function SavingState() {
  const saving = useDocumentState(s => s.saving)
  const etag = useDocumentState(s => s.opened.etag)
  return <span className={'pill' + (saving === 'failed' || saving === 'conflict' || saving === 'gone' ? ' error' : saving === 'offline' || saving === 'read-only' ? ' warn' : '')} role="status">{saving === 'saved' && etag === null ? 'Published' : words[saving]}</span>
}

export function SavingBar({ onReload }: { onReload(): void }) {
  const document = useDocument()
  const saving = useDocumentState(s => s.saving)
  const problem = useDocumentState(s => s.problem)
  const [comparing, setComparing] = useState<string | null>(null)
  const path = useDocumentState(s => s.path)
  if (saving === 'conflict') {
    const who = problem?.body.changedBy ? ` by ${String(problem.body.changedBy)}` : ''
    const when = problem?.body.changedAt ? `, ${ago(String(problem.body.changedAt))}` : ''
    return (
      <div className="bar warn" role="alert">
        <TriangleAlert size={16} aria-hidden /><span className="grow">Changed on the server{who}{when}. Your changes are still here and not saved.</span>
        <Button size="small" onPress={() => void document.theirs().then(o => setComparing(o.files.find(f => f.path === path)?.content ?? ''))}>Compare</Button>
        <Button size="small" onPress={() => void document.keepMine()}>Keep mine</Button>
        <Button size="small" onPress={onReload}>Take theirs</Button>
        <Dialog title="Yours and what was saved" wide isOpen={comparing !== null} onClose={() => setComparing(null)} foot={<><Button onPress={onReload}>Take theirs</Button><Button look="primary" onPress={() => { setComparing(null); void document.keepMine() }}>Keep mine</Button></>}>
          {comparing !== null && <Compare left={comparing} right={document.state.sliceDoc()} leftTitle="On the server" rightTitle="Yours" />}
        </Dialog>
      </div>
    )
  }
  if (saving === 'gone') return <div className="bar warn" role="alert"><TriangleAlert size={16} aria-hidden /><span className="grow">This draft was deleted on the server. What stands here is not saved.</span><Button size="small" onPress={() => void document.keepCopy()}>Keep it as a draft again</Button></div>
  if (saving === 'failed') return <div className="bar warn" role="alert"><TriangleAlert size={16} aria-hidden /><span className="grow">The draft could not be saved: {problem?.message}</span><Button size="small" onPress={() => void document.save(true)}>Try again</Button></div>
  if (saving === 'read-only') return <div className="bar warn" role="status"><TriangleAlert size={16} aria-hidden /><span className="grow">You can look at this flow and try changes, but your role cannot save them. {problem?.detail}</span></div>
  return null
}

export function Compare({ left, right, leftTitle, rightTitle }: { left: string; right: string; leftTitle: string; rightTitle: string }) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const extensions = () => [lineNumbers(), EditorView.lineWrapping, yaml(), syntaxHighlighting(highlighting), EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': 'Text to compare' })]
    const view = new MergeView({ parent: host.current!, a: { doc: left, extensions: extensions() }, b: { doc: right, extensions: extensions() }, collapseUnchanged: { margin: 3, minSize: 6 } })
    return () => view.destroy()
  }, [left, right])
  return <div><div className="compare-head"><span>{leftTitle}</span><span>{rightTitle}</span></div><div className="compare" ref={host} /></div>
}
