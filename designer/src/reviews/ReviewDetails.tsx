import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Decision } from '../api/contract'
import { here, useOffer } from '../commands/offers'
import { words } from '../flow/activities'
import { Button, LiveField } from '../kit/controls'
import { plain } from '../kit/plain'
import { Failure, Note, SkeletonTable } from '../kit/states'
import { At } from '../kit/time'
import { buttons, decided, effects, questions } from './words'

/** A question with its records side by side, and what can be answered. */
export function ReviewDetails({ id, onClose }: { id: string; onClose(): void }) {
  const query = useQuery({ queryKey: ['review', id], queryFn: () => api.review(id) })
  const client = useQueryClient()
  const navigate = useNavigate()
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const asked = query.data
  const takes = asked && asked.review.decision === null && !busy ? asked.review.takes : []
  useOffer({ title: here, commands: asked ? [
    ...(takes.includes('use') ? asked.candidates.flatMap((c, i) => { const record = idOf(c); return record ? [{ id: 'use ' + record, title: `Use record ${i + 1}`, about: record, run: () => void decide('use', record) }] : [] }) : []),
    ...takes.filter(d => d !== 'use').map(d => ({ id: d, title: buttons[d], about: effects[d], run: () => void decide(d, null) })),
    { id: 'run', title: 'See the run of this review', run: () => void navigate({ to: '/runs', search: { run: asked.review.run, deployment: asked.review.deployment, outcome: undefined, key: asked.review.key } }) },
    { id: 'close', title: 'Close the review', run: onClose },
  ] : [] })
  if (!query.data) return <aside className="detail" aria-label="Review" data-pane="">{query.error ? <Failure error={query.error} what="This review" retry={() => void query.refetch()} /> : <SkeletonTable />}</aside>
  const { review, wanted, candidates } = query.data
  const open = review.decision === null
  async function decide(decision: Decision, record: string | null) {
    setBusy(true)
    setError(null)
    try {
      await api.decide(id, { decision, record, comment: comment.trim() || null })
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
    await client.invalidateQueries()
    setBusy(false)
  }
  const others = review.takes.filter(d => d !== 'use')
  return (
    <aside className="detail" aria-label="Review" data-pane="">
      <header className="row"><h2 className="grow">{questions[review.kind]}</h2><Button look="quiet" icon tip="Close" onPress={onClose}><X size={16} /></Button></header>
      <p>{review.message}</p>
      {!open && <Note>{decided(review)}{review.decidedBy && ` by ${review.decidedBy}`}{review.decidedAt && <>, <At at={review.decidedAt} /></>}. {effects[review.decision!]}{review.comment && <><br />“{review.comment}”</>}</Note>}
      {error && <Note look="error">{error}</Note>}
      <dl className="facts">
        <dt>Step</dt><dd>{words(review.step)}{review.place && <span className="quiet-text"> · {review.place.split('/').pop()}</span>}</dd>
        <dt>Deployment</dt><dd>{review.deployment}</dd>
        <dt>Key</dt><dd><code>{review.key}</code></dd>
        <dt>Asked</dt><dd><At at={review.openedAt} /></dd>
        <dt>Run</dt><dd><Link to="/runs" search={{ run: review.run, deployment: review.deployment, outcome: undefined, key: review.key }}>See the run</Link></dd>
      </dl>
      {(candidates.length > 0 || wanted) && <SideBySide wanted={wanted} candidates={candidates} chosen={review.record} canUse={open && review.takes.includes('use')} busy={busy} onUse={record => void decide('use', record)} />}
      {open && <section aria-label="Decision" className="form" style={{ padding: 0 }}>
        <LiveField label="Comment" value={comment} onChange={setComment} placeholder="Why, for whoever looks later" />
        {others.length > 0 && <><div className="filters">{others.map(d => <Button key={d} look={d === 'approve' || d === 'dismiss' ? 'primary' : d === 'reject' ? 'danger' : 'plain'} isDisabled={busy} onPress={() => void decide(d, null)}>{buttons[d]}</Button>)}</div>
          <ul className="help">{others.map(d => <li key={d}>{buttons[d]}: {effects[d]}</li>)}</ul></>}
      </section>}
    </aside>
  )
}

const idOf = (record: Record<string, unknown>): string | null => { const id = record.Id ?? record.id; return id === null || id === undefined ? null : String(id) }

function SideBySide({ wanted, candidates, chosen, canUse, busy, onUse }: {
  wanted: Record<string, unknown> | null; candidates: Record<string, unknown>[]; chosen: string | null; canUse: boolean; busy: boolean; onUse(record: string): void
}) {
  const fields = [...new Set([...Object.keys(wanted ?? {}), ...candidates.flatMap(Object.keys)])].filter(f => f !== 'Id' && f !== 'id')
  // What tells the records apart stands first: it is what a person decides by.
  const differ = (field: string) => candidates.length > 1 && new Set(candidates.map(c => plain(c[field]))).size > 1
  const order = [...fields.filter(differ), ...fields.filter(f => !differ(f))]
  return (
    <section aria-label="Records side by side">
      <h3>Records side by side</h3>
      <div className="table-box" tabIndex={0} role="group" aria-label="Table of the records"><table className="table side-by-side">
        <thead><tr><th scope="col">Field</th>{wanted && <th scope="col">The flow would write</th>}{candidates.map((c, i) => {
          const id = idOf(c)
          return <th key={i} scope="col" className={id !== null && id === chosen ? 'chosen' : ''}><div><span>Record {i + 1}{id !== null && id === chosen && <span className="pill ok"> chosen</span>}</span>{id && <code>{id}</code>}{canUse && id && <Button size="small" look="primary" isDisabled={busy} onPress={() => onUse(id)}>Use record {i + 1}</Button>}</div></th>
        })}</tr></thead>
        <tbody>{order.map(field => <tr key={field}>
          <th scope="row">{field}</th>
          {wanted && <td>{field in wanted ? plain(wanted[field]) : <span className="quiet-text">not set</span>}</td>}
          {candidates.map((c, i) => {
            const other = wanted !== null && field in wanted && plain(wanted[field]) !== plain(c[field])
            return <td key={i} className={(other ? 'differs' : '') + (idOf(c) !== null && idOf(c) === chosen ? ' chosen' : '')}>{field in c ? plain(c[field]) : <span className="quiet-text">not read</span>}{other && field in c && <div className="mark">would change</div>}</td>
          })}
        </tr>)}</tbody>
      </table></div>
    </section>
  )
}
