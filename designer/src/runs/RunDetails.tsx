import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CircleHelp, X } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Effect, Run, RunStep } from '../api/contract'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { Button } from '../kit/controls'
import { plain } from '../kit/plain'
import { Failure, Note, SkeletonTable } from '../kit/states'
import { At, duration } from '../kit/time'
import { words } from '../flow/activities'
import { counted } from '../flow/model'
import { StepTile } from '../design/StepTile'
import { WhyDialog, type About } from '../why/WhyDialog'
import { OutcomeWord } from './outcome'

/** One run: what each step did, what was written, and the line that says why. */
export function RunDetails({ id, onClose }: { id: string; onClose(): void }) {
  const query = useQuery({ queryKey: ['run', id], queryFn: () => api.run(id) })
  const deployments = useQuery(queries.deployments)
  const [why, setWhy] = useState<About | null>(null)
  useOffer({ title: here, commands: [{ id: 'close', title: 'Close the run', run: onClose }] })
  if (!query.data) return <aside className="detail" aria-label="Run" data-pane="">{query.error ? <Failure error={query.error} what="This run" retry={() => void query.refetch()} /> : <SkeletonTable />}</aside>
  const { run, steps, effects, attempts } = query.data
  const connections = Object.values(deployments.data?.data.find(d => d.name === run.deployment)?.connections ?? {})
  return (
    <aside className="detail" aria-label="Run" data-pane="">
      <header className="row"><h2 className="grow"><OutcomeWord outcome={run.outcome} /></h2><Button look="quiet" icon tip="Close" onPress={onClose}><X size={16} /></Button></header>
      {run.text && <p>{run.text}</p>}
      <RunLinks run={run} />
      <dl className="facts">
        <dt>Record</dt><dd><code>{run.record ?? 'none'}</code></dd>
        <dt>Key</dt><dd><code>{run.key}</code></dd>
        <dt>Deployment</dt><dd>{run.deployment}</dd>
        <dt>Accepted</dt><dd><At at={run.acceptedAt} /> <span className="quiet-text">began after {duration(run.acceptedAt, run.startedAt)}</span></dd>
        <dt>Ended</dt><dd><At at={run.endedAt} /> <span className="quiet-text">after {duration(run.startedAt, run.endedAt)}</span></dd>
        {run.attempts > 1 && <><dt>Attempts</dt><dd>{run.attempts}</dd></>}
        {run.replayOf !== null && <><dt>Replay of</dt><dd>dead letter <code>{run.replayOf}</code></dd></>}
        <dt>Run</dt><dd><code>{run.id}</code></dd>
      </dl>
      {steps === null && <Note>What its steps did is no longer kept.</Note>}
      {steps !== null && steps.length > 0 && <section aria-label="Steps"><h3>Steps</h3><ol className="timeline">{steps.map((step, i) => <StepRow key={i} step={step} />)}</ol></section>}
      {effects.length > 0 && <section aria-label="Written records"><h3>Written records</h3><EffectTable effects={effects} onWhy={(e, field) => { const named = connections.find(c => c.realm === e.realm)?.name; setWhy({ connection: named ?? '', entity: e.entity, record: e.record ?? '', field }) }} /></section>}
      {attempts.length > 0 && <section><h3>Failed attempts</h3><ol className="timeline">{attempts.map((text, i) => <li key={i}><span className="num quiet-text">{i + 1}</span><span>{text}</span><span /></li>)}</ol></section>}
      {why && <WhyDialog about={why} onClose={() => setWhy(null)} />}
    </aside>
  )
}

/** From a run to where it can be understood or mended. */
function RunLinks({ run }: { run: Run }) {
  const flow = useQuery(queries.deployments).data?.data.find(d => d.name === run.deployment)?.flow
  const template = useQuery(queries.templates).data?.find(t => flow !== undefined && t.flows.includes(flow))
  const to = (tab: string) => ({ tab, file: undefined, step: undefined, run: run.id })
  const navigate = useNavigate()
  useOffer({ title: here, commands: [
    ...(template ? [{ id: 'canvas', title: 'Show this run on the canvas', run: () => void navigate({ to: '/flows/$id', params: { id: template.id }, search: to('design') }) }] : []),
    ...(template && run.record ? [{ id: 'sample', title: 'Use this record as a sample', run: () => void navigate({ to: '/flows/$id', params: { id: template.id }, search: to('mapping') }) }] : []),
    ...(run.outcome === 'failed' ? [{ id: 'letter', title: 'See the dead letter of this run', run: () => void navigate({ to: '/dead-letters', search: { deployment: run.deployment, fingerprint: undefined, id: undefined } }) }] : []),
  ] })
  return (
    <div className="filters">
      {template && <Link className="button small" to="/flows/$id" params={{ id: template.id }} search={to('design')}>Show on the canvas</Link>}
      {template && run.record && <Link className="button small" to="/flows/$id" params={{ id: template.id }} search={to('mapping')}>Use as sample</Link>}
      {run.outcome === 'failed' && <Link className="button small" to="/dead-letters" search={{ deployment: run.deployment, fingerprint: undefined, id: undefined }}>See its dead letter</Link>}
    </div>
  )
}

/** Salesforce's record types begin with a capital, ServiceTitan's do not. */
const systemOf = (entity: string | null) => (entity === null ? null : /^[A-Z]/.test(entity) ? 'salesforce' : 'servicetitan')
const activityFor = (step: RunStep) => (step.operation ? 'call' : step.did === null ? (step.rows !== null ? 'query' : step.took !== null ? 'branch' : 'map') : step.did === 'created' ? 'create' : ['updated', 'unchanged', 'adopted'].includes(step.did) ? 'upsert' : step.did === 'deleted' ? 'delete' : step.did)

function StepRow({ step }: { step: RunStep }) {
  const about = [step.did && words(step.did), step.operation, step.entity, step.id, step.rows !== null ? counted(step.rows, 'record') + ' read' : null, step.took !== null ? `took “${step.took}”` : null].filter(Boolean).join(' · ')
  return (
    <li className={step.failed ? 'failed' : ''}>
      <StepTile activity={activityFor(step)} connector={systemOf(step.entity)} small />
      <div>
        <b>{words(step.step ?? step.did ?? step.operation ?? 'Step')}</b> <span className="quiet-text">{about}</span>
        {step.key && <div className="quiet-text">{step.did === 'created' ? 'keyed by' : 'found by'} {step.key.replace('=', ' = ')}</div>}
        {(step.failed || step.message) && <div className={step.failed ? 'error' : 'quiet-text'}>{[step.failed && words(step.failed), step.code].filter(Boolean).join(' · ')}{step.message && <div>{step.message}</div>}</div>}
        {step.ids && step.ids.length > 0 && <details><summary className="quiet-text">What it read</summary><code>{step.ids.join(', ')}</code></details>}
        {step.fields && step.fields.length > 0 && <details><summary className="quiet-text">{counted(step.fields.length, 'field')}</summary><div className="pairs">{step.fields.map(f => <div key={f.name}><code>{f.name}</code><span>{plain(f.value)}</span>{f.line !== null && <span className="quiet-text" title="The line of the flow that gave this value">line {f.line}</span>}</div>)}</div></details>}
      </div>
      <span className="quiet-text num">{step.line !== null && `line ${step.line}`}</span>
    </li>
  )
}

const EffectTable = ({ effects, onWhy }: { effects: Effect[]; onWhy(effect: Effect, field: string): void }) => (
  <div className="table-box"><table className="table"><thead><tr><th>What</th><th>Record</th><th>Fields</th></tr></thead>
    <tbody>{effects.map((e, i) => <tr key={i}><td>{words(e.verb)} {e.entity}</td><td><code>{e.record ?? ''}</code></td><td>{e.record && e.fields ? <span className="chips">{e.fields.map(field => <Button key={field} size="small" look="quiet" aria-label={`Why ${field}`} onPress={() => onWhy(e, field)}>{field}<CircleHelp size={13} aria-hidden /></Button>)}</span> : (e.fields ?? []).join(', ')}</td></tr>)}</tbody></table></div>
)
