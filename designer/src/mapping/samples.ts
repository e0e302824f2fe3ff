import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import type { CheckedFlow, Deployment, Run } from '../api/contract'
import { queries } from '../api/queries'

export interface Sample {
  id: string
  label: string
  at: string
  data: Record<string, unknown>
  /** The run it is of: what its steps gave can be told again. */
  run?: string
}

const largest = 256 * 1024
const nameOf = (flow: string) => 'designer.samples.' + flow

function kept(flow: string): Sample[] {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(flow)) ?? '[]') as Sample[]
  } catch {
    return []
  }
}

/** Where records of a flow's trigger are read: the connection that a deployment gives it. */
export function sourceOf(flow: CheckedFlow | undefined, deployments: Deployment[]): { connection: string; entity: string; deployment: string } | null {
  const trigger = flow?.triggers.find(t => t.entity !== null && t.connection !== null)
  const deployment = deployments.find(d => trigger && d.connections[trigger.connection!])
  return trigger && deployment ? { connection: deployment.connections[trigger.connection!]!.name, entity: trigger.entity!, deployment: deployment.name } : null
}

/** Records to try a mapping with: of dead letters and the last runs of this flow, one by its id, and what a person pastes (kept in this tab only). */
export function useSamples(flow: string, checked: CheckedFlow | undefined, run: string | undefined) {
  const [own, setOwn] = useState(() => kept(flow))
  const deployments = (useQuery(queries.deployments).data?.data ?? []).filter(d => d.flow === flow)
  const source = sourceOf(checked, deployments)
  const names = deployments.map(d => d.name)
  const recorded = useQuery({
    queryKey: ['samples', names, source], enabled: names.length > 0, staleTime: 60_000,
    queryFn: async () => {
      const letters = (await Promise.all(names.map(name => api.deadLetters({ deployment: name, state: 'all', limit: 10 })))).flatMap(page => page.data).slice(0, 15)
      const details = await Promise.all(letters.map(letter => api.deadLetter(letter.id)))
      // A hint says only which record it is about: the run read it in full, and so do we.
      const whole = await Promise.all(details.map(async d => (d.hint && source !== null && d.deadLetter.record !== null && d.deadLetter.entity === source.entity ? (await api.records(source.connection, source.entity, { id: d.deadLetter.record }).catch(() => []))[0] : undefined) ?? d.record))
      return details.map((d, i) => ({ d, record: whole[i] })).filter(x => x.record !== null && x.record !== undefined).map(({ d, record }): Sample => ({ id: 'dead-' + d.deadLetter.id, label: `${d.deadLetter.entity ?? 'Record'} ${d.deadLetter.record ?? d.deadLetter.key}`, at: d.deadLetter.at, data: { input: record, ...(d.outputs ?? {}) } }))
    },
  })
  // The record of the run a person came from stands first; it is read as it is now.
  const ofRun = useQuery({
    queryKey: ['sampleOfRun', run, source], enabled: run !== undefined && source !== null, staleTime: 60_000,
    queryFn: async () => { const { run: found } = await api.run(run!); return found.record === null ? [] : recordsOf(source!, await api.records(source!.connection, source!.entity, { id: found.record }), 'run-' + run, found) },
  })
  const recent = useQuery({
    queryKey: ['sampleRuns', source], enabled: source !== null, staleTime: 60_000,
    queryFn: async () => {
      const runs = (await api.runs({ deployment: source!.deployment, limit: 50 })).data.filter(r => r.record !== null)
      const ids = [...new Set(runs.map(r => r.record!))].slice(0, 5)
      return (await Promise.all(ids.map(async id => recordsOf(source!, await api.records(source!.connection, source!.entity, { id }), 'recent-' + id, runs.find(r => r.record === id)!)))).flat()
    },
  })
  function keep(sample: Sample) {
    const next = [sample, ...own].slice(0, 10)
    sessionStorage.setItem(nameOf(flow), JSON.stringify(next))
    setOwn(next)
  }
  function add(text: string): string | null {
    if (text.length > largest) return 'This is larger than 256 KB. Take a smaller record.'
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (e) {
      return e instanceof Error ? e.message : String(e)
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'A record is an object: { "name": … }'
    const record = value as Record<string, unknown>
    const data = 'input' in record ? record : { input: record }
    keep({ id: 'own-' + Date.now().toString(36), label: labelOf(data.input, 'Pasted record'), at: new Date().toISOString(), data })
    return null
  }
  async function addById(id: string): Promise<string | null> {
    if (source === null) return 'No deployment of this flow says where its records are read. Paste one instead.'
    try {
      const [found] = await api.records(source.connection, source.entity, { id })
      if (!found) return `There is no ${source.entity} with the id ${id}.`
      keep({ id: 'own-' + Date.now().toString(36), label: labelOf(found, id), at: new Date().toISOString(), data: { input: found } })
      return null
    } catch (e) {
      return e instanceof Error ? e.message : String(e)
    }
  }
  const first = ofRun.data ?? []
  const samples = [...first, ...own, ...(recorded.data ?? []), ...(recent.data ?? []).filter(s => !first.some(f => f.label === s.label))]
  return { samples, add, addById, source, deployments, problem: ofRun.error }
}

function labelOf(record: unknown, fallback: string): string {
  const fields = (record ?? {}) as Record<string, unknown>
  return String(fields.name ?? fields.Name ?? fields.number ?? fields.id ?? fields.Id ?? fallback)
}

const recordsOf = (source: { entity: string }, records: Record<string, unknown>[], id: string, run: Run): Sample[] =>
  records.map(record => ({ id, label: labelOf(record, `${source.entity} ${run.record}`), at: run.endedAt, data: { input: record }, run: run.id }))
