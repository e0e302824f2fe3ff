import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { hoverTooltip } from '@codemirror/view'
import { client, queries } from '../api/queries'
import type { Field } from '../api/contract'
import { activities, titleOf } from '../flow/activities'
import { fieldsOf, scopeAt, typeAt, valueAt } from '../flow/scope'
import { schemaOf, type Schema } from '../flow/schema'
import { placeAt, type PlaceInText } from './place'
import type { FlowDocument } from './store'

const targets = activities.filter(a => a.takes === 'entity').map(a => a.key)

/** Completion in a flow's text: keys, record types, fields, names in expressions and the library. */
export async function completeFlow(context: CompletionContext, document: FlowDocument): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  if (/(^|\s)#/.test(before.replace(/'[^']*'|"[^"]*"/g, ''))) return null
  const lines = context.state.sliceDoc().split('\n')
  const place = placeAt(lines, line.number - 1, before.length)
  const expression = /(?::\s+|-\s+|[,{[]\s*)['"]?=(.*)$/.exec(before) ?? (/^\s*=(.*)$/.exec(before))
  if (expression) return completeExpression(context, document, expression[1]!)
  const value = /(?:^\s*(?:- +)*|[,{]\s*)([\w.-]+):\s+([\w./-]*)$/.exec(before)
  if (value) return completeValue(context, document, place, value[1]!, value[2]!)
  const inList = /[[,]\s*([\w.]*)$/.exec(before)
  if (inList && (place.keys.includes('match') || place.keys.includes('orderBy'))) return named(context, inList[1]!, await fieldOptions(document, place, lines))
  const key = /^\s*(?:- +)*([\w.]*)$/.exec(before)
  if (key && (key[1] || context.explicit)) return completeKey(context, document, place, key[1]!, lines)
  return null
}

function named(context: CompletionContext, typed: string, options: Completion[]): CompletionResult | null {
  return options.length === 0 ? null : { from: context.pos - typed.length, options, validFor: /^[\w./-]*$/ }
}

async function completeValue(context: CompletionContext, document: FlowDocument, place: PlaceInText, key: string, typed: string): Promise<CompletionResult | null> {
  const model = document.store.getState().model
  if (targets.includes(key)) return named(context, typed, await entityOptions(document))
  if (key === 'on' || key === 'for') return named(context, typed, await eventOptions(document))
  if (key === 'call') return named(context, typed, await operationOptions(document))
  const schema = await schemaAt(place)
  const property = schema?.properties?.[key]
  const choices = property ? enumOf(property) : []
  if (choices.length > 0) return named(context, typed, choices.map(label => ({ label, type: 'enum' })))
  if (property && property.type === 'boolean') return named(context, typed, ['true', 'false'].map(label => ({ label })))
  void model
  return null
}

const enumOf = (schema: Schema): string[] => (schema.enum ?? schema.anyOf?.flatMap(enumOf) ?? []).map(String)

async function schemaAt(place: PlaceInText): Promise<Schema | null> {
  const root = await client.ensureQueryData(queries.flowSchema).catch(() => null)
  if (root === null) return null
  const activity = activities.find(a => place.siblings.some(s => s.key === a.key) || place.keys[place.keys.length - 1] === a.key)
  const parents = place.keys.slice(0, -1)
  const parent = parents[parents.length - 1]
  if (activity && (parent === 'steps' || parent === 'do' || parent === 'otherwise')) return schemaOf(root as Schema, 'step.' + activity.key)
  if (parent === 'trigger') return schemaOf(root as Schema, 'trigger')
  if (parents.length === 0) return root as Schema
  return null
}

async function completeKey(context: CompletionContext, document: FlowDocument, place: PlaceInText, typed: string, lines: string[]): Promise<CompletionResult | null> {
  const own = new Set(place.siblings.map(s => s.key))
  // The word being typed is not a key yet: the holder is the last one.
  const holder = place.keys[place.keys.length - 1] ?? ''
  const holders = place.keys
  if (['set', 'setOnCreate', 'setOnUpdate', 'where', 'once'].includes(holder)) {
    const fields = await fieldOptions(document, place, lines)
    return named(context, typed, fields.filter(f => !own.has(f.label)).map(f => ({ ...f, apply: f.label + ': ' })))
  }
  if (['steps', 'do', 'otherwise'].includes(holder)) {
    const activity = activities.find(a => own.has(a.key))
    const root = (await client.ensureQueryData(queries.flowSchema).catch(() => null)) as Schema | null
    const keys = activity && root ? Object.keys(schemaOf(root, 'step.' + activity.key)?.properties ?? {}) : ['id', 'if', ...activities.map(a => a.key)]
    return named(context, typed, keys.filter(k => !own.has(k)).map(label => ({ label, apply: label + ': ', detail: activities.find(a => a.key === label)?.help ?? titleOf(label), type: 'property' })))
  }
  const schema = holders.length === 0 ? ((await client.ensureQueryData(queries.flowSchema).catch(() => null)) as Schema | null) : holder === 'trigger' ? await schemaAt({ ...place, keys: ['trigger', ''] }) : null
  if (!schema?.properties) return null
  return named(context, typed, Object.entries(schema.properties).filter(([k]) => !own.has(k)).map(([label, s]) => ({ label, apply: label + ': ', detail: s.description ?? '', type: 'property' })))
}

async function entityOptions(document: FlowDocument): Promise<Completion[]> {
  const connectors = await client.ensureQueryData(queries.connectors).catch(() => [])
  const connections = document.store.getState().model?.connections ?? {}
  return Object.entries(connections).flatMap(([logical, name]) => (connectors.find(c => c.name === name)?.entities ?? []).map(e => ({ label: `${logical}/${e.name}`, detail: e.title ?? '', type: 'class' })))
}

async function eventOptions(document: FlowDocument): Promise<Completion[]> {
  const connectors = await client.ensureQueryData(queries.connectors).catch(() => [])
  const connections = document.store.getState().model?.connections ?? {}
  return Object.entries(connections).flatMap(([logical, name]) => (connectors.find(c => c.name === name)?.entities ?? []).flatMap(e => e.events.map(event => ({ label: `${logical}/${e.name}.${event.name}`, type: 'event' }))))
}

async function operationOptions(document: FlowDocument): Promise<Completion[]> {
  const connectors = await client.ensureQueryData(queries.connectors).catch(() => [])
  const connections = document.store.getState().model?.connections ?? {}
  return Object.entries(connections).flatMap(([logical, name]) => (connectors.find(c => c.name === name)?.operations ?? []).map(o => ({ label: `${logical}/${o.name}`, detail: o.description, type: 'function' })))
}

/** Fields of the record type that the step around the caret works with. */
async function fieldOptions(document: FlowDocument, place: PlaceInText, lines: string[]): Promise<Completion[]> {
  const model = document.store.getState().model
  if (model === undefined) return []
  const at = Math.max(0, place.keys.findLastIndex(key => ['set', 'setOnCreate', 'setOnUpdate', 'where', 'match', 'once', 'orderBy'].includes(key)))
  const line = place.lines[at] ?? 0
  const around = placeAt(lines, line, 0).siblings
  const head = around.find(s => targets.includes(s.key))
  if (!head) return []
  return (await fieldsOf(model, head.value.trim())).map(field => ({ label: field.name, detail: describe(field), type: 'property', boost: field.requiredOnCreate ? 2 : 0 }))
}

export const describe = (field: Field): string => [field.title && field.title !== field.name ? field.title : null, field.type.kind, field.type.length ? `up to ${field.type.length}` : null].filter(Boolean).join(' · ')

/** A value of the sample beside a name: short, or not at all. */
function shown(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'object') return ''
  const text = String(value)
  return text.length > 32 ? text.slice(0, 30) + '…' : text
}

/** Names and members of what a step can read, and the library. */
export async function expressionOptions(document: FlowDocument, key: string | null, typed: string, sample: Record<string, unknown> | null = null): Promise<{ from: number; options: Completion[] } | null> {
  const model = document.store.getState().model
  const chain = /([A-Za-z_$][\w$]*(?:\??\.[\w$]+|\[\d+\])*)\??\.([\w$]*)$/.exec(typed)
  const functions = await client.ensureQueryData(queries.functions).catch(() => [])
  const sources = model ? await scopeAt(model, key ?? '\uffff') : []
  if (chain) {
    const base = chain[1]!.replaceAll('?.', '.').replace(/\[\d+\]/g, '[]')
    const members = functions.filter(f => f.name.startsWith(base + '.')).map(f => ({ label: f.name.slice(base.length + 1), detail: f.signature, info: f.docs, type: 'function' }))
    const type = typeAt(sources, base)
    const at = sample === null ? undefined : valueAt(sample, base)
    const held = at !== null && typeof at === 'object' ? (at as Record<string, unknown>) : {}
    const fields = (type?.fields ?? []).map(field => ({ label: field.name, detail: [shown(held[field.name]), describe(field)].filter(Boolean).join(' · '), type: 'property' }))
    const methods = functions.filter(f => (type?.kind === 'list' && f.kind === 'listMethod') || (['text', 'longText', 'email', 'phone', 'url', 'choice', 'id'].includes(type?.kind ?? '') && f.kind === 'textMethod')).map(f => ({ label: f.name.split('.').pop()!, detail: f.signature, info: f.docs, type: 'method' }))
    return { from: typed.length - chain[2]!.length, options: [...fields, ...members, ...methods] }
  }
  const word = /([A-Za-z_$][\w$]*)?$/.exec(typed)![0]
  const libraries = [...new Set(functions.filter(f => f.kind === 'function' && f.name.includes('.')).map(f => f.name.split('.')[0]!))]
  const options: Completion[] = [
    ...sources.map(source => ({ label: source.name, detail: source.about, type: 'variable', boost: 3 })),
    { label: 'run', detail: 'id, now, flow, trigger', type: 'variable' },
    ...libraries.map(label => ({ label, detail: 'library', type: 'namespace' })),
    ...functions.filter(f => (f.kind === 'function' || f.kind === 'constant') && !f.name.includes('.')).map(f => ({ label: f.name, detail: f.signature, info: f.docs, type: f.kind === 'constant' ? 'constant' : 'function' })),
  ]
  return { from: typed.length - word.length, options }
}

async function completeExpression(context: CompletionContext, document: FlowDocument, typed: string): Promise<CompletionResult | null> {
  if (!context.explicit && !/[\w.$]$/.test(typed) && typed !== '') return null
  const model = document.store.getState().model
  const step = model ? [...model.all].reverse().find(s => context.pos >= s.from && context.pos <= s.to + 200) : undefined
  const found = await expressionOptions(document, step?.key ?? null, typed)
  return found === null || found.options.length === 0 ? null : { from: context.pos - typed.length + found.from, options: found.options, validFor: /^[\w$]*$/ }
}

/** What a name of the library means, where the pointer rests. */
export function hoverFlow(document: FlowDocument) {
  return hoverTooltip(async (view, pos) => {
    const line = view.state.doc.lineAt(pos)
    const word = [...line.text.matchAll(/[A-Za-z_$][\w$]*(?:\.[\w$]+)*/g)].find(m => pos - line.from >= m.index && pos - line.from <= m.index + m[0].length)
    if (!word) return null
    const functions = await client.ensureQueryData(queries.functions).catch(() => [])
    const found = functions.find(f => f.name === word[0])
    const activity = found ? undefined : activities.find(a => a.key === word[0] && /:\s/.test(line.text.slice(word.index)))
    const setting = !found && !activity && line.text.slice(word.index + word[0].length).startsWith(':') && titleOf(word[0]) !== word[0] ? titleOf(word[0]) : null
    const field = found || activity || setting === null ? null : await fieldHere(document, word[0], pos)
    if (!found && !activity && !field) return null
    return {
      pos: line.from + word.index, end: line.from + word.index + word[0].length,
      create: () => {
        const dom = window.document.createElement('div')
        dom.className = 'hover-help'
        const head = dom.appendChild(window.document.createElement('code'))
        head.textContent = found ? found.signature : activity ? activity.key : field!.name
        dom.appendChild(window.document.createElement('p')).textContent = found ? found.docs : activity ? activity.help : describe(field!)
        return { dom }
      },
    }
  })
}

async function fieldHere(document: FlowDocument, name: string, pos: number): Promise<Field | null> {
  const model = document.store.getState().model
  const step = model ? [...model.all].reverse().find(s => pos >= s.from && pos <= s.to) : undefined
  if (!model || !step?.target) return null
  return (await fieldsOf(model, step.target)).find(field => field.name === name) ?? null
}
