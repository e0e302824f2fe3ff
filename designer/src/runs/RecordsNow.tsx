import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { Data } from '../kit/Data'
import { counted } from '../flow/model'
import { recordNow } from './recordNow'

const most = 5

/** Records that a run read, whole. A run keeps which they were and not what was in them, so they are read again, and only when a person asks. */
export function RecordsNow({ title, connection, entity, ids, below = null, more = 0 }: { title: string; connection: string | null; entity: string | null; ids: readonly string[]; below?: { field: string; id: string } | null; more?: number }) {
  const [open, setOpen] = useState(false)
  const shown = ids.slice(0, most)
  const reads = useQueries({ queries: shown.map(id => ({ queryKey: ['recordNow', connection, entity, id], queryFn: () => recordNow(connection!, entity!, id, below), enabled: open && connection !== null && entity !== null, staleTime: 30_000, retry: false })) })
  return (
    <details onToggle={e => setOpen(e.currentTarget.open)}>
      <summary className="quiet-text">{title}</summary>
      {connection === null || entity === null ? <code>{ids.join(', ')}</code> : reads[0]?.error ? <p className="quiet-text">They cannot be read by their ids in {connection}: <code>{ids.join(', ')}</code><br />{reads[0].error.message}</p> : <>
      <p className="quiet-text">As {shown.length === 1 ? 'it is' : 'they are'} in {connection} now.</p>
      {shown.map((id, i) => {
        const read = reads[i]!
        return <div key={id} className="record-now"><code>{id}</code>{!read.data ? <p className="quiet-text">Reading</p> : read.data.length === 0 ? <p className="quiet-text">It is not there any more.</p> : <Data value={read.data[0]} />}</div>
      })}
      {ids.length + more > most && <p className="quiet-text">and {counted(ids.length + more - most, 'more record')}{ids.length > most && <>: <code>{ids.slice(most).join(', ')}</code></>}</p>}
      </>}
    </details>
  )
}
