import type { Entity, Field } from '../api/contract'

export interface OrgFields {
  fields: Field[]
  /** What the flow or the catalogue names and this org does not have, or does not show to its user. */
  absent: ReadonlySet<string>
  /** What only this org has: a flow that writes it must say so under `requires`. */
  own: ReadonlySet<string>
}

/** The catalogue's fields (with those that the flow requires) as an org has them. */
export function inOrg(known: readonly Field[], org: Entity | undefined): OrgFields {
  if (!org) return { fields: [...known], absent: new Set(), own: new Set() }
  const names = new Set(known.map(f => f.name))
  const there = new Set(org.fields.map(f => f.name))
  const described = org.fields.map(field => {
    const before = known.find(f => f.name === field.name)
    return { ...field, title: field.title ?? before?.title ?? null, type: { ...field.type, choices: field.type.choices ?? before?.type.choices ?? null } }
  })
  return { fields: [...described, ...known.filter(f => !there.has(f.name))], absent: new Set(known.filter(f => !there.has(f.name)).map(f => f.name)), own: new Set(org.fields.filter(f => !names.has(f.name)).map(f => f.name)) }
}
