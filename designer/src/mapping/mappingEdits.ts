import type { Field, Kind } from '../api/contract'
import { remove, setValue, type Edit, type KeyOrder } from '../text/edits'
import { EditRefused } from '../text/tree'
import { join } from '../text/moves'
import { stepKeyOrder } from '../flow/activities'
import type { FlowStep } from '../flow/model'
import { removeLine } from '../flow/stepEdits'
import type { Value } from '../text/values'
import type { Group, Target } from './model'

/** Where a field is set when it has no line yet. */
export const groupFor = (step: FlowStep, target: Target): Group => target.group ?? (step.activity?.key === 'map' ? 'map' : target.field && !target.field.updatable && target.field.creatable && step.activity?.key === 'upsert' ? 'setOnCreate' : 'set')

export function setField(text: string, step: FlowStep, target: Target, value: Value): Edit {
  return setValue(text, [...step.path, groupFor(step, target), target.name], value, stepKeyOrder)
}

export function clearField(text: string, step: FlowStep, target: Target): Edit {
  if (target.group === null) return []
  const path = [...step.path, target.group, target.name]
  return target.group === 'setOnCreate' || target.group === 'setOnUpdate' ? removeLine(text, path) : remove(text, path)
}

/** Moves a line to another group: always, only on create, only on update. */
export function moveField(text: string, step: FlowStep, target: Target, group: Group): Edit {
  if (target.group === null || target.group === group || target.value === undefined) return []
  return join(clearField(text, step, target), setValue(text, [...step.path, group, target.name], target.value, stepKeyOrder))
}

/** The words of `requires` that are not called as in the catalogue, and those that can be asked for at all. */
const requiredWords: Partial<Record<Kind, string>> = {
  text: 'text', longText: 'longText', integer: 'integer', number: 'number', decimal: 'currency', boolean: 'boolean', date: 'date', instant: 'instant', choice: 'picklist', id: 'reference', url: 'url', email: 'email', phone: 'phone',
}
const headOrder: KeyOrder = ['flow', 'template', 'title', 'description', 'version', 'was', 'connections', 'parameters', 'requires', 'tables', 'input', 'trigger', 'key', 'steps']

/** A field that only the org has is asked of every org that the flow is deployed to: the compiler knows its type then. */
export function requireField(text: string, target: string, field: Field): Edit {
  const word = requiredWords[field.type.kind]
  const slash = target.indexOf('/')
  if (!word || slash < 0 || (word === 'reference' && !field.type.entity)) throw new EditRefused(`${field.title ?? field.name} is of a kind that a flow cannot ask an org for.`)
  const spec = { type: word, ...(word === 'text' && field.type.length ? { length: field.type.length } : {}), ...(word === 'reference' ? { to: field.type.entity! } : {}) }
  return setValue(text, ['requires', target.slice(0, slash), target.slice(slash + 1), field.name], spec, headOrder)
}
