import { Link, useNavigate } from '@tanstack/react-router'
import { Activity, X } from 'lucide-react'
import type { Deployment, RunDetail, StepCounts } from '../api/contract'
import { counted } from '../flow/model'
import { flowRoute } from '../frame/routes'
import { Button, Choose } from '../kit/controls'
import { Ago } from '../kit/time'
import { OutcomeWord } from '../runs/outcome'

/** Says what the cards show of runs, and takes it away. */
export function OverlayBar({ deployments, deployment, recent, onRecent, onDeployment, detail, counts, error }: {
  deployments: Deployment[]; deployment: string | undefined; recent: boolean; onRecent(on: boolean): void; onDeployment(name: string): void; detail: RunDetail | undefined; counts: StepCounts | undefined; error: Error | null
}) {
  const search = flowRoute.useSearch()
  const { id } = flowRoute.useParams()
  const navigate = useNavigate()
  if (search.run) {
    return <>
      {detail ? <span className="row"><OutcomeWord outcome={detail.run.outcome} /><span className="quiet-text cut">Run of <code>{detail.run.record ?? detail.run.key}</code>, <Ago at={detail.run.endedAt} /></span>
        <Link to="/runs" search={{ run: detail.run.id, deployment: detail.run.deployment, outcome: undefined, key: undefined }}>Details</Link></span> : <span className="quiet-text">{error ? `The run cannot be shown: ${error.message}` : 'Reading the run'}</span>}
      <Button look="quiet" size="small" icon tip="Take the run off the canvas" onPress={() => void navigate({ to: '/flows/$id', params: { id }, search: { ...search, run: undefined } })}><X size={14} /></Button>
    </>
  }
  if (deployments.length === 0) return null
  return <>
    <Button size="small" className={recent ? 'on' : ''} aria-pressed={recent} onPress={() => onRecent(!recent)}><Activity size={14} aria-hidden />Last 24 hours</Button>
    {recent && deployments.length > 1 && <Choose label="Deployment" hideLabel value={deployment ?? null} onChange={onDeployment} choices={deployments.map(d => ({ id: d.name, label: d.name }))} />}
    {recent && (error ? <span className="error">{error.message}</span> : counts && <span className="quiet-text cut">{counts.runs === 0 ? 'No runs' : counts.more ? `The newest ${counted(counts.runs, 'run')}` : counted(counts.runs, 'run')}{deployments.length === 1 && ` of ${deployment}`}</span>)}
  </>
}
