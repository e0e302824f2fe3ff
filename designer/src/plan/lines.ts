import type { PlanAnswer, PlannedField, PlannedMerge } from '../api/contract'
import { words } from '../flow/activities'

/** Which of several values a field of the survivor would hold, and which would be gone. */
export type Kept = PlannedMerge['kept'][number]
export interface FieldLine { name: string; field: PlannedField | null; kept: Kept | null }
/** One record as a plan tells it. */
export interface Line { event: string; what: string; entity: string; record: string; merge: PlannedMerge | null; fields: FieldLine[] }

/** Record by record what would be written; beside a flow that runs, only what differs. */
export function linesOf(answer: PlanAnswer): Line[] {
  if (answer.differences === null) return answer.runs.flatMap(run => run.effects.map(e => ({ event: run.event, entity: e.entity, record: e.record, what: words(e.verb), merge: e.merge, fields: fieldsOf(e.fields, e.merge) })))
  return answer.differences.map(d => {
    // A difference names what is written otherwise; how the records go up in one is told by the write itself.
    const merge = answer.runs.filter(run => run.event === d.event).flatMap(run => run.effects).find(e => e.verb === d.verb && e.realm === d.realm && e.entity === d.entity && e.record === d.record)?.merge ?? null
    const what = d.verb === d.wasVerb ? words(d.verb ?? 'nothing') : `${d.wasVerb ? words(d.wasVerb) : 'Nothing'} → ${d.verb ? d.verb : 'nothing'}`
    return { event: d.event, entity: d.entity, record: d.record, what, merge, fields: fieldsOf(d.fields, merge) }
  })
}

/** What is set, and beside it what a merge keeps and loses; fields that all records agree on say nothing. */
function fieldsOf(fields: PlannedField[], merge: PlannedMerge | null): FieldLine[] {
  const kept = merge?.kept ?? []
  const told = kept.filter(k => k.lost.length > 0 && !fields.some(f => f.name === k.field))
  return [...fields.map(field => ({ name: field.name, field, kept: kept.find(k => k.field === field.name) ?? null })), ...told.map(k => ({ name: k.field, field: null, kept: k }))]
}

const rules: Record<string, string> = { keep: 'the one that stays', filled: 'the first that is filled', newest: 'the newest', oldest: 'the oldest', longest: 'the longest', expression: 'computed' }
export const ruleWords = (rule: string): string => rules[rule] ?? rule

/** A new record has no id yet. */
export const recordWords = (record: string): string => (record.startsWith('new:') ? 'new ' + record.split(':')[2] : record)
