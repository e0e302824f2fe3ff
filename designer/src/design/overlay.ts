import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../api/client'
import type { CheckedFlow, Deployment, RunDetail, RunStep, StepCounts } from '../api/contract'
import { queries } from '../api/queries'
import { useDocumentState } from '../document/context'
import { words } from '../flow/activities'
import { counted, type FlowModel, type FlowStep } from '../flow/model'
import { span } from '../kit/time'
import { outcomes } from '../runs/outcome'

export interface StepState { look: 'ok' | 'error' | 'quiet'; word: string; more: string; faded: boolean }
export type States = ReadonlyMap<string, StepState>

/** Activities that tell what they did; the others compute, and only fail. */
const telling = new Set(['upsert', 'lookup', 'query', 'aggregate', 'create', 'update', 'delete', 'sync', 'merge', 'call', 'http', 'branch'])

/** Compiled steps by where they stand in the text: the innermost card around a step's place is its card. */
export function keysByName(model: FlowModel, flow: CheckedFlow, text: string): Map<string, string> {
  const lines = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
  const keys = new Map<string, string>()
  for (const step of flow.steps) {
    const offset = (lines[step.line - 1] ?? 0) + step.column - 1
    const card = [...model.all].reverse().find(s => offset >= s.from && offset <= s.to)
    if (card) keys.set(step.name, card.key)
  }
  // A name that the file itself gives needs no place: it stays right while the text is ahead of the last check.
  for (const step of model.all) if (step.id) keys.set(step.id, step.key)
  return keys
}

const silent: StepState = { look: 'quiet', word: '', more: '', faded: false }
const noPath: StepState = { look: 'quiet', word: 'No path taken', more: '', faded: false }

const withTime = (what: string, ms: number | null) => (ms === null ? what : [what, span(ms)].filter(Boolean).join(' · '))

export function statesOfCounts(model: FlowModel, keys: ReadonlyMap<string, string>, counts: StepCounts): States {
  const states = new Map<string, StepState>()
  for (const step of model.all) states.set(step.key, !telling.has(step.activity?.key ?? '') ? silent : step.activity?.key === 'branch' ? noPath : { look: 'quiet', word: 'Not reached', more: '', faded: counts.runs > 0 })
  for (const count of counts.steps) {
    const key = keys.get(count.step)
    if (!key) continue
    states.set(key, count.failed > 0 ? { look: 'error', word: `${count.failed} failed`, more: withTime(counted(count.runs, 'run'), count.p50), faded: false } : { look: 'ok', word: 'Succeeded', more: withTime(counted(count.runs, 'run'), count.p50), faded: false })
  }
  for (const trigger of model.triggers) states.set(trigger.key, { look: 'quiet', word: counted(counts.runs, 'run'), more: '', faded: false })
  return states
}

export function statesOfRun(model: FlowModel, keys: ReadonlyMap<string, string>, detail: RunDetail): States {
  const states = new Map<string, StepState>()
  const told = new Map<string, RunStep[]>()
  const took = new Map<string, number>()
  let since = 0
  for (const step of detail.steps ?? []) {
    const key = step.step === null ? undefined : keys.get(step.step)
    if (key) told.set(key, [...(told.get(key) ?? []), step])
    if (key && step.after !== null) took.set(key, (took.get(key) ?? 0) + Math.max(0, step.after - since))
    since = step.after ?? since
  }
  const last = model.all.reduce((at, step, i) => (told.has(step.key) ? i : at), -1)
  const missed: StepState = { look: 'quiet', word: 'Not reached', more: '', faded: true }
  const walk = (steps: FlowStep[], passed: boolean) => {
    for (const step of steps) {
      const notes = told.get(step.key) ?? []
      // A branch of which no case held tells nothing; that a later step ran says that it was passed.
      const state = notes.length > 0 ? ofNotes(notes, took.get(step.key) ?? null) : passed || model.all.indexOf(step) > last ? missed : step.activity?.key === 'branch' ? noPath : telling.has(step.activity?.key ?? '') ? missed : silent
      states.set(step.key, state)
      const path = notes.map(n => n.took).find(t => t !== null)
      for (const lane of step.lanes) walk(lane.steps, passed || (step.activity?.key === 'branch' && lane.label !== path) || state.faded)
    }
  }
  walk(model.steps, false)
  const outcome = outcomes.find(o => o.id === detail.run.outcome)?.label ?? detail.run.outcome
  for (const trigger of model.triggers) states.set(trigger.key, { look: detail.run.outcome === 'failed' ? 'error' : 'ok', word: outcome, more: '', faded: false })
  return states
}

function ofNotes(notes: RunStep[], ms: number | null): StepState {
  const failed = notes.find(n => n.failed !== null)
  const times = notes.length > 1 ? `${notes.length}×` : ''
  const last = notes[notes.length - 1]!
  const word = last.did !== null ? words(last.did) : last.rows !== null ? counted(last.rows, 'record') : last.took !== null ? last.took : 'Done'
  // A failure that a later attempt mended is told, but the card is not red.
  if (failed && last.failed !== null) return { look: 'error', word: failed.code ?? words(failed.failed!), more: withTime(times, ms), faded: false }
  return { look: 'ok', word, more: withTime(failed ? 'after a retry' : times, ms), faded: false }
}

/** What the cards show of runs: one run, or the last 24 hours of a deployment; nothing when neither is asked for. */
export function useOverlay(run: string | undefined, recent: boolean, deployment: string | undefined): { states: States | null; detail: RunDetail | undefined; counts: StepCounts | undefined; error: Error | null } {
  const model = useDocumentState(s => s.model)
  const flows = useDocumentState(s => s.flows)
  const text = useDocumentState(s => s.text)
  const detail = useQuery({ queryKey: ['run', run], queryFn: () => api.run(run!), enabled: run !== undefined })
  const counts = useQuery({ queryKey: ['stepCounts', deployment], queryFn: () => api.stepCounts(deployment!), enabled: run === undefined && recent && deployment !== undefined, refetchInterval: 15_000 })
  const states = useMemo(() => {
    const flow = flows.find(f => f.id === model?.id)
    if (!model || !flow) return null
    const keys = keysByName(model, flow, text)
    if (run !== undefined) return detail.data ? statesOfRun(model, keys, detail.data) : null
    return recent && counts.data ? statesOfCounts(model, keys, counts.data) : null
  }, [model, flows, text, run, recent, detail.data, counts.data])
  return { states, detail: detail.data, counts: counts.data, error: run !== undefined ? detail.error : counts.error }
}

export function useDeploymentsOf(flow: string): Deployment[] {
  return (useQuery(queries.deployments).data?.data ?? []).filter(d => d.flow === flow)
}
