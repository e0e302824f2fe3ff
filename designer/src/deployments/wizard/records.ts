import { api } from '../../api/client'
import type { FieldType } from '../../api/contract'

/** As many as the server gives at once. */
export const mostRecords = 25

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export const entityOf = (type: FieldType): string => type.entity?.split('/').pop() ?? ''

/** Some records of a connection with their names, for where only an id is stored. */
export const someRecords = (connection: string, entity: string) => ({
  queryKey: ['someRecords', connection, entity], staleTime: 60_000, retry: false,
  queryFn: async () => (await api.records(connection, entity, { limit: mostRecords })).map(r => ({ id: textOf(r.id ?? r.Id), label: textOf(r.name ?? r.Name) || textOf(r.id ?? r.Id) })).filter(c => c.id !== '').sort((a, b) => a.label.localeCompare(b.label)),
})
