import { remove, setValue, type Edit } from '../text/edits'
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
