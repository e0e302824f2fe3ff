import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Deployment, RunStep, SourceFile } from '../api/contract'
import { useDocument } from '../document/context'
import { loopsAround, stepsBefore, type FlowModel, type FlowStep, type Lines } from '../flow/model'
import { recordNow } from '../runs/recordNow'
import type { Sample } from './samples'
import { ask, parametersOf, tablesOf } from './usePreview'

/** More records than anybody tries a mapping with. */
const mostRecords = 10

/** A sample of a run with what the steps before gave in it. */
export function useRecorded(sample: Sample | null, model: FlowModel, step: FlowStep, deployments: readonly Deployment[]): Sample | null {
  const document = useDocument()
  const before = stepsBefore(model, step.key).filter(s => s.id !== null && loopsAround(model, s.key).length === 0)
  const query = useQuery({
    queryKey: ['recorded', sample?.id, sample?.run, JSON.stringify(before.map(s => [s.id, s.raw.map ?? s.activity?.key]))], enabled: sample?.run !== undefined, staleTime: 60_000, retry: false,
    queryFn: ({ signal }) => outputsOf(sample!, model, before, deployments, document.flowSources(), signal),
  })
  return sample && query.data ? { ...sample, data: { ...query.data, ...sample.data } } : sample
}

/** What can be told again of a run: what it read is read as it is now, what it computed is computed anew, what it wrote is in its explanation. */
async function outputsOf(sample: Sample, model: FlowModel, before: readonly FlowStep[], deployments: readonly Deployment[], files: SourceFile[], signal: AbortSignal): Promise<Record<string, unknown>> {
  const { run, steps } = await api.run(sample.run!)
  const connections = deployments.find(d => d.name === run.deployment)?.connections ?? {}
  const { parameters, tables } = (await api.deployment(run.deployment)).specification ?? {}
  const outputs: Record<string, unknown> = { params: parametersOf(model, parameters ?? {}), tables: tablesOf(model, tables ?? {}) }
  for (const step of before) {
    const note = steps?.find(n => n.step === step.id && n.failed === null)
    const value = step.activity?.key === 'map' ? await computed(step, model, { ...sample, data: { ...outputs, ...sample.data } }, files, signal)
      : note ? await given(step, note, connections[step.target?.split('/')[0] ?? '']?.name)
      // A step that a finished run passed by gave nothing.
      : run.outcome === 'succeeded' ? null : undefined
    if (value !== undefined) outputs[step.id!] = value
  }
  return outputs
}

async function computed(step: FlowStep, model: FlowModel, sample: Sample, files: SourceFile[], signal: AbortSignal): Promise<unknown> {
  const lines = Object.entries((step.raw.map ?? {}) as Lines).map(([name, value]) => ({ name, value }))
  const [results] = await ask(files, model.id, step, lines, [sample], signal, null)
  return !results || results.some(r => r.error) ? undefined : Object.fromEntries(results.map(r => [r.name, r.value]))
}

/** Undefined where it cannot be told. */
async function given(step: FlowStep, note: RunStep, connection: string | undefined): Promise<unknown> {
  switch (step.activity?.key) {
    case 'lookup': case 'query': {
      const ids = note.ids ?? []
      if (note.entity === null || connection === undefined || ids.length !== note.rows || ids.length > mostRecords) return undefined
      const rows = await Promise.all(ids.map(id => recordNow(connection, note.entity!, id, note.below).catch(() => [])))
      if (rows.some(r => r.length === 0)) return undefined
      return step.activity.key === 'query' ? rows.flat() : (rows[0]?.[0] ?? null)
    }
    case 'upsert': return { id: note.id, created: note.did === 'created', changed: note.did !== 'unchanged' }
    case 'create': return { id: note.id, existed: note.did !== 'created' }
    case 'update': return { id: note.id, changed: note.did !== 'unchanged' }
    default: return undefined
  }
}
