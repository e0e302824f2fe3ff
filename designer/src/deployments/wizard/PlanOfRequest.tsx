import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { CheckedFlow, DeploymentSpecification, PlanAnswer, Template } from '../../api/contract'
import { queries } from '../../api/queries'
import { Note, SkeletonTable } from '../../kit/states'
import { PlanView } from '../../plan/PlanView'

const recent = 25
const first = 10

interface Planned { title: string | undefined; answer: PlanAnswer | null; why: string | null }

/** What the deployment would write, before the button: over the records of its last runs, or over some of the source where it is new. */
export function PlanOfRequest({ name, template, body }: { name: string; template: Template; body: DeploymentSpecification }) {
  const running = useQuery(queries.deployments)
  const plan = useQuery({ queryKey: ['plan-request', name, JSON.stringify(body), running.data !== undefined], enabled: running.data !== undefined, staleTime: 60_000, gcTime: 0, retry: false, queryFn: ({ signal }) => planAll(name, template, body, new Set(running.data!.data.map(d => d.name)), signal) })
  return (
    <section aria-label="Plan" className="plan"><h3>What would change</h3>
      {plan.error ? <Note look="warn">It could not be tried: {plan.error.message}</Note> : plan.data ? plan.data.map((p, i) => p.answer ? <PlanView key={i} answer={p.answer} title={p.title} /> : <Note key={i}>{p.title && `${p.title}: `}{p.why}</Note>) : <><p className="quiet-text">Trying it with records as they are now. Nothing is written.</p><SkeletonTable rows={3} /></>}
    </section>
  )
}

async function planAll(name: string, template: Template, body: DeploymentSpecification, running: ReadonlySet<string>, signal: AbortSignal): Promise<Planned[]> {
  const result: Planned[] = []
  const several = template.flows.length > 1
  // One after the other: a plan reads from the systems, and they have limits.
  for (const flow of template.flows) {
    const deployment = several ? `${name}/${flow.id}` : name
    const events = running.has(deployment) && (await api.runs({ deployment, limit: 1 })).data.some(r => r.record !== null) ? { recent, records: undefined } : { records: await someRecords(flow, body) }
    const title = several ? flow.title ?? flow.id : undefined
    if (events.records?.length === 0) result.push({ title, answer: null, why: 'There is no record to try it with yet.' })
    else result.push({ title, answer: await api.plan({ deployment, specification: body, ...events }, signal), why: null })
  }
  return result
}

async function someRecords(flow: CheckedFlow, body: DeploymentSpecification): Promise<string[]> {
  const trigger = flow.triggers.find(t => t.entity !== null && t.connection !== null && body.connections[t.connection])
  if (!trigger) return []
  const rows = await api.records(body.connections[trigger.connection!]!, trigger.entity!, { limit: first })
  return rows.map(row => row.id ?? row.Id).filter(id => id !== null && id !== undefined).map(String)
}
