import type { Field, FieldType, Kind } from '../api/contract'
import { words } from '../flow/activities'
import { isExpression, pathsOf } from '../flow/references'
import type { FlowStep, Lines } from '../flow/model'
import type { Source } from '../flow/scope'
import type { Value } from '../text/values'

export type Group = 'set' | 'setOnCreate' | 'setOnUpdate' | 'map'
export const groupTitles: Record<Group, string> = { set: 'Always', setOnCreate: 'Only on create', setOnUpdate: 'Only on update', map: 'Always' }

export interface Target {
  name: string
  title: string
  field: Field | null
  /** Where it is set; null while it is not. */
  group: Group | null
  value: Value | undefined
  /** What its expression reads. */
  reads: string[]
  required: boolean
  readOnly: boolean
  /** In the file, but neither in the catalogue nor in `requires`. */
  unknown: boolean
}

export interface SourceRow {
  path: string
  name: string
  about: string
  depth: number
  type: FieldType
  nullable: boolean
  sample: unknown
  hasSample: boolean
  open: boolean
  folds: boolean
  /** Only the org has it: who reads it must require it. */
  own: Field | null
}

export const groupsOf = (step: FlowStep): Group[] => (step.activity?.key === 'map' ? ['map'] : step.activity?.key === 'upsert' ? ['set', 'setOnCreate', 'setOnUpdate'] : ['set'])

/** The target side: fields of the record type, what the file sets first, read-only fields last. */
export function targetsOf(step: FlowStep, fields: readonly Field[], absent: ReadonlySet<string> = new Set()): Target[] {
  const set = new Map<string, { group: Group; value: Value }>()
  for (const group of groupsOf(step)) for (const [name, value] of Object.entries((step.raw[group] ?? {}) as Lines)) if (!set.has(name)) set.set(name, { group, value })
  const creating = ['upsert', 'create', 'sync'].includes(step.activity?.key ?? '')
  const rows = fields.filter(field => !absent.has(field.name) || set.has(field.name)).map((field): Target => {
    const own = set.get(field.name)
    const readOnly = !field.creatable && !field.updatable
    return { name: field.name, title: field.title ?? words(field.name.replace(/__c$/, '').replace('ServiceTitan_', 'ServiceTitan: ')).replace('Service titan', 'ServiceTitan'), field, group: own?.group ?? null, value: own?.value, reads: readsOf(own?.value), required: creating && field.requiredOnCreate, readOnly, unknown: absent.has(field.name) }
  })
  const known = new Set(fields.map(field => field.name))
  const isMap = step.activity?.key === 'map'
  const others = [...set].filter(([name]) => !known.has(name)).map(([name, own]): Target => ({ name, title: name, field: null, group: own.group, value: own.value, reads: readsOf(own.value), required: false, readOnly: false, unknown: !isMap && fields.length > 0 }))
  const rank = (t: Target) => (t.required && t.group === null ? 0 : t.group !== null ? 1 : t.readOnly ? 4 : t.field?.name.endsWith('__c') ? 2 : 3)
  const order = [...set.keys()]
  return [...rows, ...others].map((t, i) => ({ t, i })).sort((a, b) => rank(a.t) - rank(b.t) || (a.t.group !== null && b.t.group !== null ? order.indexOf(a.t.name) - order.indexOf(b.t.name) : 0) || a.i - b.i).map(x => x.t)
}

function readsOf(value: Value | undefined): string[] {
  if (isExpression(value)) return pathsOf(value.slice(1))
  if (Array.isArray(value)) return value.flatMap(readsOf)
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(readsOf)
  return []
}

/** How a value is shown where there is no sample. */
export function written(value: Value | undefined): string {
  if (value === undefined) return ''
  if (value === null) return 'cleared'
  if (typeof value === 'object') {
    const lines = value as Lines
    return 'ref' in lines ? `${String(lines.ref)} by ${String(lines.by)}` : JSON.stringify(value)
  }
  return String(value)
}

const empty: FieldType = { kind: 'any', length: null, scale: null, choices: null, openChoices: false, entity: null, item: null, fields: [], openFields: false }

/** The source side as rows, from the schema and, where there is one, the sample. */
export function sourceRows(sources: readonly Source[], sample: Record<string, unknown> | null, opened: ReadonlySet<string>, search: string): SourceRow[] {
  const rows: SourceRow[] = []
  const wanted = search.trim().toLowerCase()
  const add = (path: string, name: string, about: string, depth: number, type: FieldType, value: unknown, nullable: boolean, own: Field | null): boolean => {
    const children = childrenOf(path, type, value)
    const at = rows.length
    const row: SourceRow = { path, name, about, depth, type, nullable, sample: value, hasSample: value !== undefined, open: wanted !== '' || opened.has(path), folds: children.length > 0, own }
    rows.push(row)
    const hit = wanted === '' || path.toLowerCase().includes(wanted) || (typeof value === 'string' && value.toLowerCase().includes(wanted))
    let inside = false
    if (children.length > 0 && row.open && depth < 8) for (const child of children) inside = add(child.path, child.name, child.about, depth + 1, child.type, child.value, child.nullable, child.own) || inside
    if (!hit && !inside) rows.length = at
    return hit || inside
  }
  for (const source of sources) add(source.name, source.name, source.about, 0, source.type, sample?.[source.name], source.about.startsWith('one '), null)
  return rows
}

function childrenOf(path: string, type: FieldType, value: unknown): { path: string; name: string; about: string; type: FieldType; value: unknown; nullable: boolean; own: Field | null }[] {
  if (type.kind === 'list' || Array.isArray(value)) {
    const item = type.item ?? empty
    const first = Array.isArray(value) ? value[0] : undefined
    return childrenOf(path + '[]', item, first)
  }
  const known = type.fields.map(field => ({ path: `${path}.${field.name}`, name: field.name, about: field.title && field.title !== field.name ? field.title : kindWord(field.type), type: field.type, value: value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[field.name] : undefined, nullable: field.nullable, own: field.ownOf === undefined ? null : field }))
  if (value === null || typeof value !== 'object') return known
  const names = new Set(known.map(child => child.name))
  const more = Object.entries(value).filter(([name]) => !names.has(name)).map(([name, child]) => ({ path: `${path}.${name}`, name, about: 'in the sample', type: empty, value: child, nullable: true, own: null }))
  return [...known, ...more]
}

export function kindWord(type: FieldType): string {
  switch (type.kind) {
    case 'list': return `list of ${type.item?.fields.length ? 'records' : 'values'}`
    case 'object': return 'group'
    case 'longText': return 'long text'
    case 'choice': return 'picklist'
    case 'decimal': return 'money or decimal'
    case 'instant': return 'date and time'
    case 'id': return type.entity ? `id of ${type.entity}` : 'id'
    case 'any': return ''
    default: return type.kind
  }
}

/** The expression that reads a row: "?." behind what can be missing, the first of a list. */
export function expressionFor(rows: readonly SourceRow[], path: string): string {
  const parts = path.split('.')
  let text = ''
  let at = ''
  parts.forEach((part, i) => {
    const isList = part.endsWith('[]')
    const name = part.replace(/\[\]/g, '')
    at = i === 0 ? part : `${at}.${part}`
    const before = rows.find(row => row.path === parts.slice(0, i).join('.').replace(/\[\]$/, ''))
    const optional = i > 0 && ((before?.nullable ?? false) || parts[i - 1]!.endsWith('[]'))
    text += i === 0 ? name : /^[A-Za-z_$][\w$]*$/.test(name) ? (optional ? '?.' : '.') + name : `${optional ? '?.' : ''}[${JSON.stringify(name)}]`
    if (isList) text = `list.first(${text})`
  })
  return text
}

const texts = new Set(['text', 'longText', 'email', 'phone', 'url', 'choice', 'id', 'any'])

/** Whether a source fits a field as it is; a misfit warns and does not forbid. */
export function fits(from: FieldType, to: FieldType | undefined): boolean {
  if (!to || from.kind === 'any' || to.kind === 'any') return true
  if (from.kind === 'list' || from.kind === 'object') return from.kind === to.kind
  if (texts.has(to.kind)) return true
  if (['integer', 'number', 'decimal'].includes(to.kind)) return ['integer', 'number', 'decimal'].includes(from.kind)
  return from.kind === to.kind || (to.kind === 'instant' && from.kind === 'date')
}

export interface Suggestion { target: string; path: string; reason: string }

const simplify = (name: string) => name.toLowerCase().replace(/__c$/, '').replace(/servicetitan|billing|shipping|mailing/g, '').replace(/[^a-z0-9]/g, '').replace(/postalcode|zipcode|zip/, 'zip').replace(/emailaddress/, 'email').replace(/telephone|phonenumber/, 'phone')

/** What a value looks like; only what tells something. */
const likeness: Partial<Record<Kind, { form: RegExp; words: string }>> = {
  email: { form: /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i, words: 'an e-mail address' }, phone: { form: /^\+?[\d\s().-]{7,20}$/, words: 'a phone number' }, url: { form: /^https?:\/\//i, words: 'a web address' },
}

const looksLike = (kind: Kind, sample: unknown): boolean => typeof sample === 'string' && likeness[kind]?.form.test(sample) === true

/** Pairs that are likely by name, type and what the sample holds. Nothing is mapped until a person says so. */
export function suggest(targets: readonly Target[], all: readonly SourceRow[]): Suggestion[] {
  const leaves = all.filter(row => !row.folds && row.type.kind !== 'object' && row.type.kind !== 'list')
  const found: Suggestion[] = []
  for (const target of targets.filter(t => t.group === null && !t.readOnly && t.field)) {
    const wish = simplify(target.name)
    const titled = simplify(target.title)
    const best = leaves.map(row => {
      const name = simplify(row.name)
      const whole = simplify(row.path.split('.').slice(-2).join(''))
      const score = name === wish || name === titled ? 3 : whole === wish || whole === titled ? 2 : 0
      const alike = looksLike(target.field!.type.kind, row.sample) ? 1.4 : 0
      return { row, score: score + alike > 0 && fits(row.type, target.field!.type) ? score + alike - row.depth * 0.1 : 0 }
    }).sort((a, b) => b.score - a.score)[0]
    if (best && best.score > 1) found.push({ target: target.name, path: best.row.path, reason: simplify(best.row.name) === wish ? 'same name' : looksLike(target.field!.type.kind, best.row.sample) && ![wish, titled].includes(simplify(best.row.name)) ? `looks like ${likeness[target.field!.type.kind]!.words}` : 'similar name' })
  }
  return found
}
