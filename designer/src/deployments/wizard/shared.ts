import type { SharedFields } from '../../api/contract'
import { counted } from '../../flow/model'

export interface SharedGroup { others: string[]; way: string | null; types: { name: string; fields: string[] }[]; fields: string[] }

/** Several others that share the same fields are one thing to read and to answer. */
export function sharedGroups(shared: readonly SharedFields[], own: string): SharedGroup[] {
  const groups = new Map<string, SharedGroup>()
  for (const one of shared) {
    const way = one.cycle ? one.deployments.join(' → ') : null
    const key = `${way ?? ''} ${one.fields.join(' ')}`
    const group = groups.get(key) ?? { others: [], way, types: typesOf(one.fields), fields: one.fields }
    group.others.push(...one.deployments.filter(d => d !== own && !group.others.includes(d)))
    groups.set(key, group)
  }
  return [...groups.values()]
}

function typesOf(fields: readonly string[]): { name: string; fields: string[] }[] {
  const types = new Map<string, string[]>()
  for (const field of fields) {
    const [type = '', ...path] = field.split('.')
    types.set(type, [...(types.get(type) ?? []), path.join('.')])
  }
  return [...types].map(([name, own]) => ({ name, fields: own }))
}

/** "Account: 36 fields, Contact: 27". */
export const countsOf = (group: SharedGroup): string => group.types.map((type, i) => `${type.name}: ${i === 0 ? counted(type.fields.length, 'field') : type.fields.length}`).join(', ')

/** "a", "a and b", "a, b and c". */
export const listed = (names: readonly string[]): string => (names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`)
