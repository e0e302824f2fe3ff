import { useQuery, useQueryClient } from '@tanstack/react-query'
import { DatabaseBackup } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Backfill } from '../api/contract'
import { words } from '../flow/activities'
import { counted } from '../flow/model'
import { Button, Dialog, LiveField, Segments } from '../kit/controls'
import { Note } from '../kit/states'
import { Ago, At } from '../kit/time'

const running = (b: Backfill) => b.state === 'reading' || b.state === 'running'

/** Records handed in beside live events: how the last one gets on, and a new one. */
export function Backfills({ deployment, flow }: { deployment: string; flow: string }) {
  const query = useQuery({ queryKey: ['backfills', deployment], queryFn: () => api.backfills(deployment), refetchInterval: q => (q.state.data?.some(running) ? 1500 : 15_000) })
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const last = query.data?.[0]
  async function cancel(id: string) {
    await api.cancelBackfill(deployment, id).then(() => setError(null), (e: Error) => setError(e.message))
    await client.invalidateQueries({ queryKey: ['backfills'] })
  }
  return (
    <>
      {error && <Note look="error">{error}</Note>}
      {last && <Progress backfill={last} onCancel={() => void cancel(last.id)} />}
      <div><Button size="small" isDisabled={!!last && running(last)} onPress={() => setAsking(true)}><DatabaseBackup size={14} aria-hidden />Backfill</Button></div>
      {asking && <Begin deployment={deployment} flow={flow} onClose={() => { setAsking(false); void client.invalidateQueries({ queryKey: ['backfills'] }) }} />}
    </>
  )
}

function Progress({ backfill: b, onCancel }: { backfill: Backfill; onCancel(): void }) {
  const done = b.accepted - b.waiting
  // When everything is read, what is left is to be handled.
  const [part, whole, label] = b.state === 'running' ? [done, b.accepted, 'Records handled'] : [b.read, b.total ?? 0, 'Records read']
  const of = whole > 0 ? Math.min(100, Math.round((part / whole) * 100)) : null
  return (
    <section className="backfill" aria-label="Backfill">
      <div className="row"><b className="grow">Backfill of {b.entity} · {words(b.state)}</b>{running(b) && <Button size="small" onPress={onCancel}>End it</Button>}</div>
      {running(b) && <div className="meter" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={of ?? undefined}><div style={{ width: `${of ?? 100}%` }} className={of === null ? 'open' : ''} /></div>}
      <p className="quiet-text">{b.read.toLocaleString('en')}{b.total !== null && ` of ${b.total.toLocaleString('en')}`} read · {done.toLocaleString('en')} of {b.accepted.toLocaleString('en')} handled{b.eta && running(b) && <> · likely done {Date.parse(b.eta) - Date.now() < 5000 ? 'in a moment' : <Ago at={b.eta} />}</>}{b.endedAt && <> · ended <Ago at={b.endedAt} /></>} · by {b.startedBy}</p>
      {b.problem && <Note look="warn">{b.problem}</Note>}
    </section>
  )
}

function Begin({ deployment, flow, onClose }: { deployment: string; flow: string; onClose(): void }) {
  const [what, setWhat] = useState<'all' | 'since' | 'list'>('all')
  const [from, setFrom] = useState('')
  const [records, setRecords] = useState('')
  const [error, setError] = useState<string | null>(null)
  const ids = records.split(/[\s,;]+/).filter(Boolean)
  const ready = what === 'all' || (what === 'since' ? !Number.isNaN(Date.parse(from)) : ids.length > 0)
  async function begin() {
    try {
      await api.beginBackfill(deployment, { flow, by: what === 'list' ? 'list' : null, from: what === 'since' ? new Date(from).toISOString() : null, records: what === 'list' ? ids : null })
      onClose()
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
  }
  return (
    <Dialog title={`Backfill ${deployment}`} isOpen onClose={onClose} foot={<><Button onPress={onClose}>Cancel</Button><Button look="primary" isDisabled={!ready} onPress={() => void begin()}>Begin</Button></>}>
      <p>Records of the source are handed in beside live changes, which always go first. What runs already is not done twice.</p>
      {error && <Note look="error">{error}</Note>}
      <Segments<'all' | 'since' | 'list'> label="Which records" value={what} onChange={setWhat} choices={[{ id: 'all', label: 'All records' }, { id: 'since', label: 'Changed since' }, { id: 'list', label: 'These records' }]} />
      {what === 'since' && <LiveField label="Changed since" value={from} onChange={setFrom} placeholder="2026-01-31" error={from !== '' && Number.isNaN(Date.parse(from)) ? 'Write a date, such as 2026-01-31.' : null} />}
      {what === 'list' && <LiveField label="Ids of the records" lines={4} value={records} onChange={setRecords} help={counted(ids.length, 'record')} />}
    </Dialog>
  )
}

/** How the calls of each account stand. */
export function Budgets() {
  const query = useQuery({ queryKey: ['budgets'], queryFn: api.budgets, refetchInterval: 10_000 })
  if (!query.data || query.data.length === 0) return null
  return (
    <section className="panel" aria-label="Budgets"><header><h2>Calls in the last 24 hours</h2></header>
      <div className="table-box"><table className="table"><thead><tr><th>Account</th><th>Used</th><th className="right">Live</th><th className="right">Tried again</th><th className="right">Backfill</th><th className="right">By others</th><th className="right">Limit a day</th><th className="right">Kept free</th></tr></thead>
        <tbody>{query.data.map(b => {
          const used = b.live + b.retry + b.backfill + b.foreign
          const percent = b.perDay ? Math.min(100, (used / b.perDay) * 100) : null
          return <tr key={b.realm}><td>{b.connections.join(', ')}<div className="quiet-text">{b.realm}</div>{b.pausedUntil && <span className="pill warn">The vendor asked for quiet until <At at={b.pausedUntil} /></span>}</td>
            <td>{percent === null ? <span className="quiet-text">No limit a day</span> : <><div className="meter" role="meter" aria-label={`Used of ${b.realm}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(percent)}><div style={{ width: `${percent}%` }} className={percent > 90 ? 'high' : ''} /></div><span className="quiet-text">{percent < 1 ? 'under 1' : Math.round(percent)} %</span></>}</td>
            {[b.live, b.retry, b.backfill, b.foreign].map((n, i) => <td key={i} className="right num">{n.toLocaleString('en')}</td>)}
            <td className="right num">{b.perDay?.toLocaleString('en') ?? 'none'}</td><td className="right num">{b.reserve.toLocaleString('en')}</td></tr>
        })}</tbody></table></div>
    </section>
  )
}
