import { isMap, isSeq, type Node } from 'yaml'
import { entryStart } from '../text/edits'
import { entryEnd, nodeAt, parse, valueOf, type Path, type Root } from '../text/tree'
import type { Value } from '../text/values'
import { activities, words, type Activity } from './activities'

export type Lines = { [key: string]: Value }

export interface Lane {
  kind: 'case' | 'otherwise' | 'loop'
  label: string
  /** Where its steps stand. */
  path: Path
  steps: FlowStep[]
}

export interface FlowStep {
  /** Its path as text: how the rest of the designer names it. */
  key: string
  path: Path
  id: string | null
  activity: Activity | undefined
  /** "salesforce/Account", or null. */
  target: string | null
  connector: string | null
  title: string
  subtitle: string
  raw: Lines
  lanes: Lane[]
  /** Where it stands in the text. */
  from: number
  to: number
}

export interface FlowTrigger {
  key: string
  path: Path
  kind: 'on' | 'schedule' | 'webhook' | 'manual' | 'unknown'
  title: string
  subtitle: string
  connector: string | null
  raw: Lines
  from: number
  to: number
}

export interface FlowModel {
  value: Lines
  id: string
  title: string
  connections: Record<string, string>
  triggers: FlowTrigger[]
  steps: FlowStep[]
  /** Every step, in the order of the text. */
  all: FlowStep[]
}

export const keyOf = (path: Path): string => path.join('/')
export const pathOf = (key: string): Path => key.split('/').map(part => (/^\d+$/.test(part) ? Number(part) : part))

const isLines = (value: Value | undefined): value is Lines => value !== null && typeof value === 'object' && !Array.isArray(value)
const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value))

/** Reads a flow for the canvas and forms; undefined when the text does not parse. What it does not understand is kept as it is. */
export function readFlow(text: string): FlowModel | undefined {
  const root = parse(text)
  if (root.errors.length > 0) return undefined
  const value = valueOf(root.contents)
  if (!isLines(value)) return undefined
  const connections = isLines(value.connections) ? Object.fromEntries(Object.entries(value.connections).map(([name, connector]) => [name, textOf(connector)])) : {}
  const reader = new Reader(text, root, connections)
  const triggers = Array.isArray(value.trigger) ? value.trigger.map((raw, i) => reader.trigger(raw, ['trigger', i])) : value.trigger === undefined ? [] : [reader.trigger(value.trigger, ['trigger'])]
  const steps = reader.steps(value.steps, ['steps'])
  return { value, id: textOf(value.flow), title: textOf(value.title) || words(textOf(value.flow)), connections, triggers, steps, all: reader.all }
}

class Reader {
  readonly all: FlowStep[] = []

  constructor(
    private readonly text: string,
    private readonly root: Root,
    private readonly connections: Record<string, string>,
  ) {}

  steps(list: Value | undefined, path: Path): FlowStep[] {
    return Array.isArray(list) ? list.map((raw, i) => this.step(isLines(raw) ? raw : {}, [...path, i])) : []
  }

  private step(raw: Lines, path: Path): FlowStep {
    const activity = activities.find(a => raw[a.key] !== undefined)
    const head = activity ? raw[activity.key] : undefined
    const target = activity && activity.takes !== 'none' && typeof head === 'string' && !head.startsWith('=') ? head : null
    const id = typeof raw.id === 'string' ? raw.id : null
    const entity = target?.slice(target.indexOf('/') + 1) ?? ''
    const step: FlowStep = {
      key: keyOf(path), path, id, activity, target, connector: this.connector(target), raw, lanes: [],
      title: id ? words(id) : activity ? headline(activity, head, entity) : 'Unknown step',
      subtitle: activity ? summary(activity, raw, entity, id !== null) : Object.keys(raw).join(', '),
      ...this.span(path),
    }
    this.all.push(step)
    if (Array.isArray(raw.branch)) {
      raw.branch.forEach((lane, i) => {
        if (!isLines(lane)) return
        const otherwise = lane.otherwise !== undefined
        const at: Path = [...path, 'branch', i, otherwise ? 'otherwise' : 'do']
        step.lanes.push({ kind: otherwise ? 'otherwise' : 'case', label: otherwise ? 'otherwise' : textOf(lane.case) || 'case', path: at, steps: this.steps(otherwise ? lane.otherwise : lane.do, at) })
      })
    } else if (activity?.key === 'forEach') {
      const at: Path = [...path, 'do']
      step.lanes.push({ kind: 'loop', label: `each ${textOf(raw.as) || 'item'}`, path: at, steps: this.steps(raw.do, at) })
    }
    return step
  }

  trigger(raw: Value, path: Path): FlowTrigger {
    const lines = isLines(raw) ? raw : {}
    const kind = lines.on !== undefined ? 'on' : lines.schedule !== undefined ? 'schedule' : lines.webhook !== undefined ? 'webhook' : lines.manual !== undefined ? 'manual' : 'unknown'
    const event = textOf(lines.on ?? lines.for)
    const name = event.slice(event.indexOf('/') + 1)
    const [title, subtitle] =
      kind === 'on' ? [lines.becomes === undefined ? sentence(name) : `${words(name)} becomes …`, event]
      : kind === 'schedule' ? ['On a schedule', [textOf(lines.schedule), event].filter(Boolean).join(' · ')]
      : kind === 'webhook' ? ['Webhook', textOf(lines.webhook)]
      : kind === 'manual' ? ['Started by hand', 'by a person or the API']
      : ['Unknown trigger', Object.keys(lines).join(', ')]
    return { key: keyOf(path), path, kind, title, subtitle, connector: this.connector(event || null), raw: lines, ...this.span(path) }
  }

  private connector(target: string | null): string | null {
    if (target === null || !target.includes('/')) return null
    const logical = target.slice(0, target.indexOf('/'))
    return this.connections[logical] ?? logical
  }

  private span(path: Path): { from: number; to: number } {
    const parent = nodeAt(this.root, path.slice(0, -1))
    const last = path[path.length - 1]
    if (isSeq(parent) && typeof last === 'number' && !parent.flow) return { from: entryStart(parent, last), to: entryEnd(parent, last, this.text) }
    const node = nodeAt(this.root, path) as Node | undefined
    if (isMap(parent) && node?.range) return { from: node.range[0], to: node.range[1] }
    return node?.range ? { from: node.range[0], to: node.range[1] } : { from: 0, to: 0 }
  }
}

/** "customer.changed" as "Customer changed". */
const sentence = (event: string) => words(event.replace('.', ' '))

function headline(activity: Activity, head: Value | undefined, entity: string): string {
  if (entity) return `${activity.verb} ${entity}`
  if (['stop', 'fail', 'warn', 'next'].includes(activity.key) && typeof head === 'string') return `${activity.verb}`
  return activity.verb
}

function summary(activity: Activity, raw: Lines, entity: string, named: boolean): string {
  const head = raw[activity.key]
  const count = (value: Value | undefined) => (isLines(value) ? Object.keys(value).length : 0)
  const fields = count(raw.set) + count(raw.setOnCreate) + count(raw.setOnUpdate)
  switch (activity.key) {
    case 'map': return counted(count(head), 'value')
    case 'branch': return counted(Array.isArray(head) ? head.length : 0, 'path')
    case 'forEach': return textOf(head).replace(/^=/, '')
    case 'stop': case 'fail': case 'warn': case 'next': case 'wait': case 'flow': case 'start': return textOf(head).replace(/^=/, '') || activity.help
    default: {
      const what = named ? `${activity.verb} ${entity}` : counted(fields, 'field')
      return fields > 0 && named ? `${what} · ${counted(fields, 'field')}` : fields === 0 && !named ? activity.help : what
    }
  }
}

export const counted = (n: number, word: string): string => `${n} ${n === 1 ? word : word + 's'}`

/** The chain of steps that have run when a step begins: what its expressions can read. */
export function stepsBefore(model: FlowModel, key: string): FlowStep[] {
  const found: FlowStep[] = []
  const walk = (steps: FlowStep[]): boolean => {
    for (const step of steps) {
      if (step.key === key) return true
      const inside = step.lanes.some(lane => key.startsWith(keyOf(lane.path) + '/'))
      if (!inside) found.push(step)
      for (const lane of step.lanes) {
        if (inside && key.startsWith(keyOf(lane.path) + '/')) return walk(lane.steps)
        // What a case gives can be null afterwards, but it can be read.
        if (!inside) collect(lane.steps)
      }
    }
    return false
  }
  const collect = (steps: FlowStep[]): void => steps.forEach(step => { found.push(step); if (step.activity?.key !== 'forEach') step.lanes.forEach(lane => collect(lane.steps)) })
  walk(model.steps)
  return found.filter(step => step.id !== null)
}

/** The loops around a step: each gives a name to its item. */
export function loopsAround(model: FlowModel, key: string): FlowStep[] {
  return model.all.filter(step => step.activity?.key === 'forEach' && key.startsWith(step.key + '/do/'))
}
