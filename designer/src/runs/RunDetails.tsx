import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { api } from '../api/client'
import type { Effect, RunStep } from '../api/contract'
import { Button } from '../kit/controls'
import { Failure, SkeletonTable } from '../kit/states'
import { At, duration } from '../kit/time'
import { words } from '../flow/activities'
import { StepTile } from '../design/StepTile'
import { OutcomeWord } from './outcome'

/** One run: what each step did, what was written, and the line that says why. */
export function RunDetails({ id, onClose, onOpen }: { id: string; onClose(): void; onOpen(id: string): void }) {
  const query = useQuery({ queryKey: ['run', id], queryFn: () => api.run(id) })
  if (!query.data) return <aside className="detail" aria-label="Run">{query.error ? <Failure error={query.error} what="This run" retry={() => void query.refetch()} /> : <SkeletonTable />}</aside>
  const { run, steps, effects, attempts } = query.data
  return (
    <aside className="detail" aria-label="Run">
      <header className="row"><h2 className="grow"><OutcomeWord outcome={run.outcome} /></h2><Button look="quiet" icon tip="Close" onPress={onClose}><X size={16} /></Button></header>
      {run.text && <p>{run.text}</p>}
      <dl className="facts">
        <dt>Record</dt><dd><code>{run.record ?? 'none'}</code></dd>
        <dt>Key</dt><dd><code>{run.key}</code></dd>
        <dt>Deployment</dt><dd>{run.deployment}</dd>
        <dt>Accepted</dt><dd><At at={run.acceptedAt} /></dd>
        <dt>Ended</dt><dd><At at={run.endedAt} /> <span className="quiet-text">after {duration(run.acceptedAt, run.endedAt)}</span></dd>
        {run.attempts > 1 && <><dt>Attempts</dt><dd>{run.attempts}</dd></>}
        {run.replayOf && <><dt>Replay of</dt><dd><button type="button" className="link" onClick={() => onOpen(run.replayOf!)}><code>{run.replayOf}</code></button></dd></>}
        <dt>Run</dt><dd><code>{run.id}</code></dd>
      </dl>
      {run.outcome === 'failed' && <p><Link to="/dead-letters" search={{ deployment: run.deployment, fingerprint: undefined, id: undefined }}>See its dead letter</Link></p>}
      {steps.length > 0 && <section aria-label="Steps"><h3>Steps</h3><ol className="timeline">{steps.map((step, i) => <StepRow key={i} step={step} />)}</ol></section>}
      {effects.length > 0 && <section aria-label="Written records"><h3>Written records</h3><EffectTable effects={effects} /></section>}
      {attempts.length > 1 && <section><h3>Attempts</h3><ol className="timeline">{attempts.map((text, i) => <li key={i}><span className="num quiet-text">{i + 1}</span><span>{text}</span><span /></li>)}</ol></section>}
    </aside>
  )
}

/** Salesforce's record types begin with a capital, ServiceTitan's do not. */
const systemOf = (entity: string | null) => (entity === null ? null : /^[A-Z]/.test(entity) ? 'salesforce' : 'servicetitan')
const activityFor = (step: RunStep) => (step.operation ? 'call' : step.did === null ? (step.rows !== null ? 'query' : 'map') : step.did === 'created' ? 'create' : ['updated', 'unchanged', 'adopted'].includes(step.did) ? 'upsert' : step.did === 'deleted' ? 'delete' : step.did)

function StepRow({ step }: { step: RunStep }) {
  return (
    <li className={step.failed ? 'failed' : ''}>
      <StepTile activity={activityFor(step)} connector={systemOf(step.entity)} small />
      <div>
        <b>{words(step.step ?? step.did ?? step.operation ?? 'Step')}</b> <span className="quiet-text">{[step.did && words(step.did), step.entity, step.id, step.rows !== null ? `${step.rows} ${step.rows === 1 ? 'row' : 'rows'}` : null].filter(Boolean).join(' · ')}</span>
        {(step.failed || step.message) && <div className={step.failed ? 'error' : 'quiet-text'}>{[step.failed, step.code].filter(Boolean).join(' · ')}{step.message && <div>{step.message}</div>}</div>}
        {step.fields && step.fields.length > 0 && <details><summary className="quiet-text">{step.fields.length} {step.fields.length === 1 ? 'field' : 'fields'}</summary><div className="pairs">{step.fields.map(f => <div key={f.name}><code>{f.name}</code><span>{shown(f.value)}</span>{f.line !== null && <span className="quiet-text" title="The line of the flow that gave this value">line {f.line}</span>}</div>)}</div></details>}
      </div>
      <span className="quiet-text num">{step.took ?? ''}{step.line !== null && <div>line {step.line}</div>}</span>
    </li>
  )
}

export const shown = (value: unknown): string => (value === null || value === undefined ? 'empty' : typeof value === 'object' ? JSON.stringify(value) : String(value))

const EffectTable = ({ effects }: { effects: Effect[] }) => (
  <div className="table-box"><table className="table"><thead><tr><th>What</th><th>Record</th><th>Fields</th></tr></thead>
    <tbody>{effects.map((e, i) => <tr key={i}><td>{words(e.verb)} {e.entity}</td><td><code>{e.record ?? ''}</code></td><td>{Array.isArray(e.fields) ? e.fields.join(', ') : typeof e.fields === 'string' ? e.fields : ''}</td></tr>)}</tbody></table></div>
)
