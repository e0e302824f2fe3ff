import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CircleHelp, X } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { CheckedFlow, Deployment, Effect, Run, RunStep } from '../api/contract'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { Button } from '../kit/controls'
import { Data } from '../kit/Data'
import { plain } from '../kit/plain'
import { Failure, Note, SkeletonTable } from '../kit/states'
import { At, duration, span } from '../kit/time'
import { words } from '../flow/activities'
import { counted } from '../flow/model'
import { StepTile } from '../design/StepTile'
import { WhyDialog, type About } from '../why/WhyDialog'
import { Attempts } from './Attempts'
import { OutcomeWord } from './outcome'
import { RecordsNow } from './RecordsNow'

/** One run: what each step did, what was written, and the line that says why. */
export function RunDetails({ id, onClose }: { id: string; onClose(): void }) {
  const query = useQuery({ queryKey: ['run', id], queryFn: () => api.run(id) })
  const deployments = useQuery(queries.deployments)
  const [why, setWhy] = useState<About | null>(null)
  const place = usePlace(query.data?.run)
  useOffer({ title: here, commands: [{ id: 'close', title: 'Close the run', run: onClose }] })
  if (!query.data) return <aside className="detail" aria-label="Run" data-pane="">{query.error ? <Failure error={query.error} what="This run" retry={() => void query.refetch()} /> : <SkeletonTable />}</aside>
  const { run, steps, effects, attempts, input } = query.data
  const trigger = place.flow?.triggers.find(t => t.id === run.trigger || place.flow!.triggers.length === 1)
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
      {(run.record !== null || (input !== null && input !== undefined)) && <section aria-label="Input"><h3>Input</h3>
        {input !== null && input !== undefined ? <Data value={input} /> : <RecordsNow title={`${trigger?.entity ? words(trigger.entity) : 'The record'} ${run.record}`} connection={place.named(trigger?.connection ?? null)} entity={trigger?.entity ?? null} ids={[run.record!]} />}</section>}
      {steps === null && <Note>What its steps did is no longer kept.</Note>}
      {steps !== null && steps.length > 0 && <section aria-label="Steps"><h3>Steps</h3><ol className="timeline">{steps.map((step, i) => <StepRow key={i} step={step} since={steps[i - 1]?.after ?? 0} connection={place.named(place.flow?.steps.find(s => s.name === step.step)?.connection ?? null)} />)}</ol></section>}
      {effects.length > 0 && <section aria-label="Written records"><h3>Written records</h3><EffectTable effects={effects} onWhy={(e, field) => { const named = connections.find(c => c.realm === e.realm)?.name; setWhy({ connection: named ?? '', entity: e.entity, record: e.record ?? '', field }) }} /></section>}
      {attempts.length > 0 && <section aria-label="Failed attempts"><h3>Failed attempts</h3><Attempts lines={attempts} /></section>}
      {why && <WhyDialog about={why} onClose={() => setWhy(null)} />}
    </aside>
  )
}

/** The flow that a run ran, as its template has it now, and the names of its connections. */
function usePlace(run: Run | undefined): { flow: CheckedFlow | undefined; named(logical: string | null): string | null } {
  const deployment: Deployment | undefined = useQuery(queries.deployments).data?.data.find(d => d.name === run?.deployment)
  const summary = useQuery(queries.templates).data?.find(t => deployment !== undefined && t.flows.includes(deployment.flow))
  const template = useQuery({ ...queries.template(summary?.id ?? ''), enabled: summary !== undefined, staleTime: 60_000 })
  return { flow: template.data?.flows.find(f => f.id === deployment?.flow), named: logical => (logical === null ? null : (deployment?.connections[logical]?.name ?? null)) }
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

function StepRow({ step, since, connection }: { step: RunStep; since: number; connection: string | null }) {
  const about = [step.did && words(step.did), step.operation, step.entity, step.id, step.rows !== null ? counted(step.rows, 'record') + ' read' : null, step.took !== null ? `took “${step.took}”` : null].filter(Boolean).join(' · ')
  return (
    <li className={step.failed ? 'failed' : ''}>
      <StepTile activity={activityFor(step)} connector={systemOf(step.entity)} small />
      <div>
        <b>{words(step.step ?? step.did ?? step.operation ?? 'Step')}</b> <span className="quiet-text">{about}</span>
        {step.key && <div className="quiet-text">{step.did === 'created' ? 'keyed by' : 'found by'} {step.key.replace('=', ' = ')}</div>}
        {(step.failed || step.message) && <div className={step.failed ? 'error' : 'quiet-text'}>{[step.failed && words(step.failed), step.code].filter(Boolean).join(' · ')}{step.message && <div>{step.message}</div>}</div>}
        {step.ids && step.ids.length > 0 && <RecordsNow title="What it read" connection={connection} entity={step.entity} ids={step.ids} below={step.below} more={Math.max(0, (step.rows ?? 0) - step.ids.length)} />}
        {step.fields && step.fields.length > 0 && <details><summary className="quiet-text">{counted(step.fields.length, 'field')}</summary><div className="pairs">{step.fields.map(f => <div key={f.name}><code>{f.name}</code><span>{plain(f.value)}</span>{f.line !== null && <span className="quiet-text" title="The line of the flow that gave this value">line {f.line}</span>}</div>)}</div></details>}
      </div>
      <span className="quiet-text num right">{step.line !== null && `line ${step.line}`}{step.after !== null && <div title={`${span(step.after)} after the run began`}>{span(Math.max(0, step.after - since))}</div>}</span>
    </li>
  )
}

const EffectTable = ({ effects, onWhy }: { effects: Effect[]; onWhy(effect: Effect, field: string): void }) => (
  <div className="table-box"><table className="table"><thead><tr><th>What</th><th>Record</th><th>Fields</th></tr></thead>
    <tbody>{effects.map((e, i) => <tr key={i}><td>{words(e.verb)} {e.entity}</td><td><code>{e.record ?? ''}</code></td><td>{e.record && e.fields ? <span className="chips">{e.fields.map(field => <Button key={field} size="small" look="quiet" aria-label={`Why ${field}`} onPress={() => onWhy(e, field)}>{field}<CircleHelp size={13} aria-hidden /></Button>)}</span> : (e.fields ?? []).join(', ')}</td></tr>)}</tbody></table></div>
)
