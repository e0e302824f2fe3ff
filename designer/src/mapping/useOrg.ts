import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { queries } from '../api/queries'
import type { FlowModel, FlowStep } from '../flow/model'
import { resolve, type OrgOf } from '../flow/scope'

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

/** The org of each connection that the flow names: for what look-ups give. */
export function useOrgOf(model: FlowModel): { of: OrgOf; key: string } {
  const deployments = useQuery(queries.deployments).data?.data ?? []
  const connections = useQuery(queries.connections).data ?? []
  const named = Object.fromEntries(Object.entries(model.connections).map(([logical, connector]) => [logical, deployments.find(d => d.flow === model.id && d.connections[logical])?.connections[logical]?.name ?? connections.find(c => c.connector === connector)?.name ?? null]))
  return { of: logical => named[logical] ?? null, key: JSON.stringify(named) }
}
