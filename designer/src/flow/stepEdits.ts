import { insertItem, remove, renameKey, setValue, type Edit } from '../text/edits'
import { moveItem, pasteItem, removeWithComment } from '../text/moves'
import { nodeAt, parse, valueOf, type Path } from '../text/tree'
import type { Value } from '../text/values'
import { stepKeyOrder, type Activity } from './activities'
import type { FlowModel, Lines } from './model'

/** The lines of a new step, with what its activity needs. */
export function newStep(model: FlowModel, activity: Activity, target: string | null, isIn: 'list' | 'loop'): Lines {
  const name = target ? target.slice(target.indexOf('/') + 1).split('.')[0]! : activity.key
  const id = () => freeId(model, name)
  switch (activity.key) {
    case 'lookup': return { id: id(), lookup: target!, where: {} }
    case 'query': return { id: id(), query: target!, where: {} }
    case 'aggregate': return { id: id(), aggregate: target!, where: {} }
    case 'upsert': return { id: id(), upsert: target!, match: [], set: {} }
    case 'create': return { id: id(), create: target!, once: {}, set: {} }
    case 'update': return { update: target!, record: '=input.id', set: {} }
    case 'delete': return { delete: target!, record: '=input.id' }
    case 'sync': return { sync: target!, within: {}, each: '=[]', match: [], set: {} }
    case 'merge': return { merge: target!, keep: '=input.id', remove: '=[]' }
    case 'map': return { id: freeId(model, 'values'), map: {} }
    case 'branch': return { branch: [{ case: 'first', when: true, do: [] }, { otherwise: [] }] }
    case 'forEach': return { forEach: '=[]', as: 'item', do: [] }
    case 'call': return { call: target!, with: {} }
    case 'stop': return { stop: 'Nothing to do' }
    case 'fail': return { fail: 'Say what is wrong' }
    case 'warn': return { warn: 'Say what is odd', key: 'odd' }
    case 'next': return { next: isIn === 'loop' ? 'Nothing to do for this one' : 'Nothing to do' }
    case 'wait': return { wait: '1h' }
    case 'http': return { id: freeId(model, 'answer'), http: target ?? Object.keys(model.connections)[0] ?? 'name', path: '/' }
    default: return { [activity.key]: 'name' }
  }
}

export function freeId(model: FlowModel, wish: string): string {
  const base = (wish.charAt(0).toLowerCase() + wish.slice(1)).replace(/__c$/, '').replace(/[^A-Za-z0-9_]/g, '').replace(/^\d+/, '') || 'step'
  const taken = new Set([...model.all.map(s => s.id), 'input', 'params', 'tables', 'run', 'error', 'found', 'index', 'trigger', 'list', 'text', 'date', 'money', 'table', 'split', 'normalize'])
  if (!taken.has(base)) return base
  for (let n = 2; ; n++) if (!taken.has(base + n)) return base + n
}

export const addStep = (text: string, list: Path, index: number, step: Lines): Edit => insertItem(text, list, index, step)
export const setStepValue = (text: string, path: Path, key: string | readonly (string | number)[], value: Value | undefined): Edit => {
  const at = [...path, ...(typeof key === 'string' ? [key] : key)]
  return value === undefined ? (nodeAt(parse(text), at) === undefined ? [] : removeLine(text, at)) : setValue(text, at, value, stepKeyOrder)
}

/** Removes a line; a block of lines that becomes empty goes with it, unless the step needs it. */
export function removeLine(text: string, path: Path): Edit {
  const holder = valueOf(nodeAt(parse(text), path.slice(0, -1)))
  const key = path[path.length - 2]
  const alone = holder !== null && typeof holder === 'object' && !Array.isArray(holder) && Object.keys(holder).length === 1
  const optional = ['setOnCreate', 'setOnUpdate', 'options', 'retry', 'orderBy'].includes(String(key))
  return remove(text, alone && optional ? path.slice(0, -1) : path)
}

export const removeStep = (text: string, path: Path, withComment: boolean): Edit => (withComment ? removeWithComment(text, path) : remove(text, path))
export const moveStep = (text: string, from: Path, list: Path, index: number): Edit => moveItem(text, from, list, index)

/** Pastes a copied step; its id is changed where it is taken. */
export function pasteStep(text: string, model: FlowModel, list: Path, index: number, copied: string): Edit {
  const step = valueOf(parse(copied).contents)
  const id = Array.isArray(step) ? (step[0] as Lines | undefined)?.id : undefined
  const taken = typeof id === 'string' && model.all.some(s => s.id === id)
  const item = taken ? withId(copied, freeId(model, id)) : copied
  return pasteItem(text, list, index, item)
}

function withId(copied: string, id: string): string {
  const [splice] = setValue(copied, [0, 'id'], id)
  return copied.slice(0, splice!.from) + splice!.insert + copied.slice(splice!.to)
}

export { renameKey }
