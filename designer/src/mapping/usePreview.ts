import { useEffect, useRef, useState } from 'react'
import { api } from '../api/client'
import type { PreviewResult } from '../api/contract'
import { useDocument, useDocumentState } from '../document/context'
import type { FlowModel, FlowStep, Lines } from '../flow/model'
import { resolve } from '../flow/scope'
import type { Value } from '../text/values'
import type { Sample } from './samples'

export interface PreviewOfLine { name: string; value: Value }
export interface Preview { results: Map<string, PreviewResult>; problem: string | null; busy: boolean }

const pause = 200

/** Values by the engine's own sandbox, 200 ms after the last change; an older question is dropped. */
export function usePreview(step: FlowStep | undefined, lines: readonly PreviewOfLine[], sample: Sample | null, connection: string | null = null): Preview {
  const document = useDocument()
  const model = useDocumentState(s => s.model)
  const [preview, set] = useState<Preview>({ results: new Map(), problem: null, busy: false })
  const key = JSON.stringify([lines, sample?.id, Object.keys(sample?.data ?? {}), step?.key, connection])
  const latest = useRef({ lines, sample, step, model })
  latest.current = { lines, sample, step, model }
  useEffect(() => {
    const now = latest.current
    if (!now.sample || !now.step || !now.model || now.lines.length === 0) { set({ results: new Map(), problem: null, busy: false }); return }
    const abort = new AbortController()
    set(p => ({ ...p, busy: true }))
    const timer = window.setTimeout(() => {
      ask(document.flowSources(), now.model!.id, now.step!, now.lines, [withParameters(now.sample!, now.model!)], abort.signal, target(now.step!, now.model!, connection))
        .then(([lines]) => set({ results: new Map((lines ?? []).map(l => [l.name, l])), problem: null, busy: false }))
        .catch((e: unknown) => { if (!abort.signal.aborted) set(p => ({ results: p.results, problem: e instanceof Error ? e.message : String(e), busy: false })) })
    }, pause)
    return () => { window.clearTimeout(timer); abort.abort() }
  }, [key])
  return preview
}

/** A sample without parameters runs with their defaults, one without tables with the rows of the template. */
export function withParameters(sample: Sample, model: FlowModel): Sample {
  return { ...sample, data: { params: parametersOf(model), tables: tablesOf(model), ...sample.data } }
}

/** As a deployment gives them; without one their defaults. */
export function parametersOf(model: FlowModel, given: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...Object.fromEntries(Object.entries((model.value.parameters ?? {}) as Lines).map(([name, spec]) => [name, spec !== null && typeof spec === 'object' ? ((spec as Lines).default ?? null) : null])), ...given }
}

/** Rows of a deployment stand before those of the template. Rows that stand in a file of their own are not read here. */
export function tablesOf(model: FlowModel, given: Record<string, { rows?: unknown }> = {}): Record<string, unknown> {
  const rows = (table: unknown): unknown[] => { const list = (table as { rows?: unknown } | null | undefined)?.rows; return Array.isArray(list) ? list : [] }
  const own = (model.value.tables ?? {}) as Lines
  return Object.fromEntries([...new Set([...Object.keys(own), ...Object.keys(given)])].map(name => [name, [...rows(given[name]), ...rows(own[name])]]))
}

/** What the values are judged against: the record type as the org has it, or as the catalogue does. */
export function target(step: FlowStep, model: Parameters<typeof resolve>[0], connection: string | null = null) {
  const at = step.target ? resolve(model, step.target) : null
  const verb = step.activity?.key === 'update' ? 'update' as const : 'create' as const
  return at && step.activity?.key !== 'map' ? { connector: at.connector, entity: at.entity, connection, verb } : null
}

/** At most 100 lines go in one question. */
export async function ask(files: { path: string; content: string }[], flow: string, step: FlowStep, lines: readonly PreviewOfLine[], samples: Sample[], signal: AbortSignal, to: ReturnType<typeof target>): Promise<PreviewResult[][]> {
  const results: PreviewResult[][] = samples.map(() => [])
  for (let from = 0; from < lines.length; from += 100) {
    const part = lines.slice(from, from + 100)
    const answer = await api.preview({ lines: part.map(l => ({ name: l.name, value: l.value })), self: step.activity?.key === 'map' ? step.id : null, types: {}, files, flow, target: to, samples: samples.map(s => s.data) }, signal)
    answer.samples.forEach((sample, i) => results[i]!.push(...sample.lines))
  }
  return results
}
