import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { queries } from '../api/queries'
import { flowRoute } from '../frame/routes'
import { Empty, Failure, SkeletonTable } from '../kit/states'
import { Runs } from './RunsScreen'

/** The runs of one flow, of each deployment that runs it. */
export function FlowRuns({ flow }: { flow: string }) {
  const { id } = flowRoute.useParams()
  const search = flowRoute.useSearch()
  const navigate = useNavigate()
  const deployments = useQuery(queries.deployments)
  const published = useQuery(queries.templates).data?.some(t => t.id === id)
  if (!deployments.data) return <main className="page"><div className="wide">{deployments.error ? <Failure error={deployments.error} what="The deployments" retry={() => void deployments.refetch()} /> : <SkeletonTable rows={8} />}</div></main>
  const names = deployments.data.data.filter(d => d.flow === flow).map(d => d.name)
  if (names.length === 0) {
    return <main className="page"><Empty icon={Activity} action={published && <Link className="button primary" to="/deploy" search={{ template: id, deployment: undefined, step: undefined }}>Deploy it</Link>}>{published ? 'This flow is not deployed: nothing runs yet.' : 'Publish this flow and deploy it: its runs appear here.'}</Empty></main>
  }
  const deployment = search.deployment !== undefined && names.includes(search.deployment) ? search.deployment : names.length === 1 ? names[0]! : undefined
  const title = deployment !== undefined ? `Runs of ${deployment}` : `Runs of all ${names.length} deployments of this flow`
  return (
    <Runs search={{ deployment, outcome: search.outcome, key: search.key, run: search.run }} onSearch={next => void navigate({ to: '/flows/$id', params: { id }, search: { ...search, ...next } })} deployments={names} flow={flow}
      frame={(tools, body) => <><section className="subbar" aria-label={title}><span className="quiet-text cut grow">{title}</span>{tools}</section>{body}</>} />
  )
}
