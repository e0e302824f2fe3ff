import { api } from '../api/client'
import { Problem } from '../api/http'

/** A record that a run read, as it is now: by its id; where the vendor shows it only together with what it belongs to, by that too. */
export const recordNow = (connection: string, entity: string, id: string, below: { field: string; id: string } | null) =>
  api.records(connection, entity, { id }).catch((e: unknown) => {
    if (below === null || !(e instanceof Problem)) throw e
    return api.records(connection, entity, { id, by: below.field, value: below.id })
  })
