// What an expression of a step can read, with the types of the catalogue: feeds completion, the mapper's source side and the picker.
import { queries, client } from '../api/queries'
import type { Field, FieldType } from '../api/contract'
import { inOrg } from './orgFields'
import { keyOf, loopsAround, stepsBefore, type FlowModel, type FlowStep, type Lines } from './model'

export interface Source {
  /** The name as it stands in an expression. */
  name: string
  title: string
  /** What kind of thing it is, in a word or two. */
  about: string
  type: FieldType
  /** "salesforce/Account", or "servicetitan/customerContact[]": what it is to the preview. */
  entity: string | null
  connector: string | null
}

const simple = (kind: FieldType['kind'], fields: Field[] = []): FieldType => ({ kind, length: null, scale: null, choices: null, openChoices: false, entity: null, item: null, fields, openFields: false })
const listOf = (item: FieldType): FieldType => ({ ...simple('list'), item })
export const plainField = (name: string, kind: FieldType['kind'] = 'any', title: string | null = null): Field => ({
  name, title, type: simple(kind), nullable: true, readable: true, creatable: false, updatable: false, requiredOnCreate: false, filterable: false, search: 'none', externalId: false, unique: false, relationship: null, sensitive: false,
})

export function resolve(model: FlowModel, target: string): { connector: string; entity: string } | null {
  const slash = target.indexOf('/')
  if (slash < 0) return null
  const logical = target.slice(0, slash)
  return { connector: model.connections[logical] ?? logical, entity: target.slice(slash + 1) }
}

/** Fields of an entity by the catalogue (or the org), and those that the flow requires of it. */
export async function fieldsOf(model: FlowModel, target: string, connection: string | null = null): Promise<Field[]> {
  const at = resolve(model, target)
  if (at === null) return []
  const known = await client.ensureQueryData(queries.entity(at.connector, at.entity, connection)).then(e => e.fields, () => [] as Field[])
  return withRequired(model, target, known)
}

const requiredKinds: Record<string, FieldType['kind']> = { currency: 'decimal', picklist: 'choice', reference: 'id' }

/** The flow's own `requires`: fields that the org must have, whether or not the catalogue knows them. */
export function withRequired(model: FlowModel, target: string, known: Field[]): Field[] {
  const slash = target.indexOf('/')
  const requires = model.value.requires as Lines | undefined
  const entity = ((requires?.[target.slice(0, slash)] as Lines | undefined)?.[target.slice(slash + 1)] ?? {}) as Lines
  const names = new Set(known.map(field => field.name))
  const more = Object.entries(entity).filter(([name]) => !names.has(name)).map(([name, spec]) => {
    const word = typeof spec === 'string' ? spec : String((spec as Lines | null)?.type ?? 'text')
    const lines = (typeof spec === 'object' && spec !== null ? spec : {}) as Lines
    const field = plainField(name, requiredKinds[word] ?? (word as FieldType['kind']), typeof lines.title === 'string' ? lines.title : null)
    return { ...field, creatable: true, updatable: true, filterable: true, externalId: lines.externalId === true, unique: lines.unique === true, type: { ...field.type, length: typeof lines.length === 'number' ? lines.length : null, choices: Array.isArray(lines.values) ? lines.values.map(String) : null } }
  })
  return [...known, ...more]
}

/** Which connection's org is asked for its own fields; null = the catalogue is enough. */
export type OrgOf = (logical: string) => string | null

const noOrg: OrgOf = () => null

async function entityType(model: FlowModel, target: string, orgOf: OrgOf): Promise<FieldType> {
  const known = await fieldsOf(model, target)
  const at = resolve(model, target)
  const connection = at ? orgOf(target.slice(0, target.indexOf('/'))) : null
  if (!at || connection === null) return simple('object', known)
  const org = await client.ensureQueryData(queries.entity(at.connector, at.entity, connection)).catch(() => undefined)
  const { fields, own } = inOrg(known, org)
  return simple('object', fields.map(field => (own.has(field.name) ? { ...field, ownOf: target } : field)))
}

/** Everything the step at `key` can read, in the order of the flow. */
export async function scopeAt(model: FlowModel, key: string, orgOf: OrgOf = noOrg): Promise<Source[]> {
  const sources: Source[] = []
  const input = await inputType(model, orgOf)
  if (input) sources.push(input)
  for (const step of stepsBefore(model, key)) sources.push(await outputOf(model, step, orgOf))
  for (const loop of loopsAround(model, key)) {
    const name = typeof loop.raw.as === 'string' ? loop.raw.as : 'item'
    const list = typeof loop.raw.forEach === 'string' ? loop.raw.forEach.replace(/^=/, '').trim() : ''
    const type = typeAt(sources, list)
    sources.push({ name, title: name, about: `each of ${list}`, type: type?.kind === 'list' && type.item ? type.item : simple('any'), entity: null, connector: null })
  }
  const parameters = Object.entries((model.value.parameters ?? {}) as Lines)
  if (parameters.length > 0) {
    sources.push({ name: 'params', title: 'Parameters', about: 'asked for at deployment', entity: null, connector: null, type: simple('object', parameters.map(([name, spec]) => {
      const word = typeof spec === 'string' ? spec : String((spec as Lines | null)?.type ?? 'any')
      return plainField(name, word.includes('/') ? 'id' : (['text', 'integer', 'number', 'decimal', 'boolean', 'date', 'instant', 'duration', 'choice'].includes(word) ? word as FieldType['kind'] : 'text'), typeof spec === 'object' && spec !== null ? String((spec as Lines).title ?? '') || null : null)
    })) })
  }
  return sources
}

async function inputType(model: FlowModel, orgOf: OrgOf): Promise<Source | null> {
  const declared = model.value.input
  const on = model.triggers.length === 1 ? (model.triggers[0]!.raw.on ?? model.triggers[0]!.raw.for) : undefined
  if (declared === undefined && typeof on === 'string') {
    const target = on.includes('/') ? on.split('.')[0]! : on
    const at = resolve(model, target)
    return { name: 'input', title: at?.entity ?? 'Record', about: 'what started the run', type: await entityType(model, target, orgOf), entity: at ? `${at.connector}/${at.entity}` : null, connector: at?.connector ?? null }
  }
  if (typeof declared === 'string') {
    const at = resolve(model, declared)
    return { name: 'input', title: at?.entity ?? 'Input', about: 'input', type: await entityType(model, declared, orgOf), entity: at ? `${at.connector}/${at.entity}` : null, connector: at?.connector ?? null }
  }
  if (declared !== null && typeof declared === 'object' && !Array.isArray(declared)) return { name: 'input', title: 'Input', about: 'input', type: simple('object', Object.keys(declared).map(name => plainField(name))), entity: null, connector: null }
  return model.triggers.length > 0 ? { name: 'input', title: 'Input', about: 'what started the run', type: { ...simple('object'), openFields: true }, entity: null, connector: null } : null
}

async function outputOf(model: FlowModel, step: FlowStep, orgOf: OrgOf): Promise<Source> {
  const base = { name: step.id!, title: step.title, about: step.activity?.verb ?? 'step', entity: null as string | null, connector: step.connector }
  const at = step.target ? resolve(model, step.target) : null
  const entity = at ? `${at.connector}/${at.entity}` : null
  switch (step.activity?.key) {
    case 'lookup': return { ...base, about: `one ${at?.entity ?? 'record'}`, type: await entityType(model, step.target!, orgOf), entity }
    case 'query': return { ...base, about: `list of ${at?.entity ?? 'records'}`, type: listOf(await entityType(model, step.target!, orgOf)), entity: entity ? entity + '[]' : null }
    case 'map': return { ...base, about: 'computed', type: simple('object', Object.keys((step.raw.map ?? {}) as Lines).map(name => plainField(name))) }
    case 'upsert': return { ...base, about: `${at?.entity ?? 'record'} written`, type: simple('object', [plainField('id', 'id'), plainField('created', 'boolean'), plainField('changed', 'boolean'), { ...plainField('record', 'object'), type: await entityType(model, step.target!, orgOf) }]) }
    case 'create': return { ...base, about: `${at?.entity ?? 'record'} written`, type: simple('object', [plainField('id', 'id'), plainField('existed', 'boolean')]) }
    case 'update': case 'delete': return { ...base, about: `${at?.entity ?? 'record'} written`, type: simple('object', [plainField('id', 'id'), plainField('changed', 'boolean')]) }
    case 'aggregate': return { ...base, about: 'totals', type: listOf(simple('object', [plainField('count', 'integer'), ...['sum', 'min', 'max'].flatMap(k => Object.keys((step.raw[k] ?? {}) as Lines).map(name => plainField(name)))])) }
    case 'call': {
      const operation = at ? await client.ensureQueryData(queries.operation(at.connector, at.entity)).catch(() => null) : null
      return { ...base, about: 'answer', type: simple('object', operation?.output ?? []) }
    }
    default: return { ...base, type: simple('any') }
  }
}

/** The type at a path such as "input.address" or "lines[].value". */
export function typeAt(sources: readonly Source[], path: string): FieldType | null {
  const [root, ...parts] = path.replace(/\[\]/g, '.[]').split('.')
  let type: FieldType | null = sources.find(source => source.name === root)?.type ?? null
  for (const part of parts) {
    if (type === null) return null
    type = part === '[]' ? type.item : (type.fields.find(field => field.name === part)?.type ?? null)
  }
  return type
}

/** The value at a path of a sample; of a list its first. */
export function valueAt(data: unknown, path: string): unknown {
  let value = data
  for (const part of path.replace(/\?/g, '').split('.')) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Record<string, unknown>)[part.replace(/\[\]$/, '')]
    if (part.endsWith('[]')) value = Array.isArray(value) ? value[0] : undefined
  }
  return value
}

export { keyOf }
