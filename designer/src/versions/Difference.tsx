import '../styles/design.css'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import { api } from '../api/client'
import type { SourceFile } from '../api/contract'
import { here, useOffer } from '../commands/offers'
import { counted, readFlow } from '../flow/model'
import { Choose, Segments, type Choice } from '../kit/controls'
import { Empty, Failure, SkeletonTable } from '../kit/states'
import { compareFlows } from './compare'
import { StillPair } from './StillPair'

const Compare = lazy(() => import('../design/Saving').then(m => ({ default: m.Compare })))

/** One of the two: a content of a template, or files that stand here. */
export interface Side { id: string; title: string; template: string; hash: string; files?: SourceFile[] }

const useFiles = (side: Side) => {
  const asked = useQuery({ queryKey: ['template', side.template, side.hash], queryFn: () => api.template(side.template, side.hash), staleTime: Infinity, enabled: side.files === undefined })
  return { files: side.files ?? asked.data?.files, error: side.files ? null : asked.error }
}

/** Two contents beside each other: as graph and as text. */
export function Difference({ before, after, choices, onBefore, onAfter, children }: { before: Side; after: Side; choices: Choice[]; onBefore(id: string): void; onAfter(id: string): void; children?: ReactNode }) {
  const [view, setView] = useState<'graph' | 'text'>('graph')
  const [path, setPath] = useState<string | null>(null)
  const old = useFiles(before)
  const now = useFiles(after)
  const error = old.error ?? now.error
  useOffer({ title: here, commands: [{ id: 'view', title: view === 'graph' ? 'Show the difference as text' : 'Show the difference as graph', run: () => setView(view === 'graph' ? 'text' : 'graph') }] })
  const files = old.files && now.files ? [...new Set([...old.files, ...now.files].map(f => f.path))].filter(p => /\.(ya?ml|json|csv)$/.test(p)) : []
  const content = (from: SourceFile[] | undefined, file: string) => from?.find(f => f.path === file)?.content ?? ''
  const changed = files.filter(f => content(old.files, f) !== content(now.files, f))
  const file = path ?? changed[0] ?? files.find(f => /flow/.test(f)) ?? files[0] ?? null
  return (
    <section className="panel" aria-label="Difference">
      <header><h2 className="grow">What changed</h2>
        <Choose label="Before" hideLabel value={before.id} onChange={onBefore} choices={choices} /><span className="quiet-text">→</span><Choose label="After" hideLabel value={after.id} onChange={onAfter} choices={choices} />
        <Segments<'graph' | 'text'> label="View" value={view} onChange={setView} choices={[{ id: 'graph', label: 'Graph' }, { id: 'text', label: 'Text' }]} /></header>
      {children}
      {error ? <Failure error={error} what="The template of a version" /> : file === null ? <SkeletonTable rows={3} /> : <>
        <div className="row">{files.length > 1 && <Choose label="File" hideLabel value={file} onChange={setPath} choices={files.map(id => ({ id, label: id, help: changed.includes(id) ? 'changed' : undefined }))} />}<span className="quiet-text">{changed.length === 0 ? 'The template is the same in both.' : `${counted(changed.length, 'file')} changed`}</span></div>
        {view === 'text' ? <Suspense fallback={<SkeletonTable rows={4} />}><Compare left={content(old.files, file)} right={content(now.files, file)} leftTitle={before.title} rightTitle={after.title} /></Suspense>
          : <Graphs left={content(old.files, file)} right={content(now.files, file)} leftTitle={before.title} rightTitle={after.title} />}
      </>}
    </section>
  )
}

function Graphs({ left, right, leftTitle, rightTitle }: { left: string; right: string; leftTitle: string; rightTitle: string }) {
  const [a, b] = useMemo(() => [readFlow(left), readFlow(right)], [left, right])
  const difference = useMemo(() => (a && b ? compareFlows(a, b) : null), [a, b])
  if (!a || !b || !difference || (a.all.length === 0 && b.all.length === 0)) return <Empty>This file is no flow: look at its text.</Empty>
  return <>
    <p className="counts-line"><span className="mark added">{difference.added} added</span><span className="mark changed">{difference.changed} changed</span><span className="mark removed">{difference.removed} removed</span></p>
    <StillPair before={a} after={b} difference={difference} beforeTitle={leftTitle} afterTitle={rightTitle} />
  </>
}
