import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import type { Entity, Field } from '../api/contract'
import { queries } from '../api/queries'
import type { FlowModel, FlowStep } from '../flow/model'
import { resolve } from '../flow/scope'

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

/** Which org's fields the mapper shows: that of a deployment of this flow, else one that fits; a person may choose another, or none. */
export function useOrg(model: FlowModel, step: FlowStep) {
  const at = step.target ? resolve(model, step.target) : null
  const logical = step.target?.slice(0, step.target.indexOf('/')) ?? ''
  const deployments = useQuery(queries.deployments).data?.data ?? []
  const choices = (useQuery(queries.connections).data ?? []).filter(c => c.connector === at?.connector)
  const [chosen, choose] = useState<string | null>(null)
  const deployed = deployments.find(d => d.flow === model.id && d.connections[logical])?.connections[logical]?.name
  const connection = (chosen ?? deployed ?? choices[0]?.name) || null
  const asked = queries.entity(at?.connector ?? '', at?.entity ?? '', connection)
  const query = useQuery({ ...asked, enabled: at !== null && connection !== null && choices.length > 0, retry: false, placeholderData: before => before })
  const client = useQueryClient()
  const [reading, setReading] = useState(false)
  async function refresh() {
    setReading(true)
    try {
      client.setQueryData(asked.queryKey, await api.entity(at!.connector, at!.entity, connection, true))
    } catch {
      await query.refetch()
    }
    setReading(false)
  }
  return { connection, choices, choose, refresh, reading, entity: connection === null ? undefined : query.data, problem: connection === null ? null : query.error }
}
