import { useInfiniteQuery } from '@tanstack/react-query'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import { here, useOffer } from '../commands/offers'
import { Top } from '../frame/Frame'
import { Button, LiveField } from '../kit/controls'
import { Data } from '../kit/Data'
import { Empty, Failure, SkeletonTable } from '../kit/states'
import { At } from '../kit/time'
import { deed } from './deeds'

/** Who changed what, and when: rows that nobody can take back. */
export function AuditScreen() {
  const [target, setTarget] = useState('')
  const [asked, setAsked] = useState<string | undefined>()
  const list = useInfiniteQuery({ queryKey: ['audit', asked], queryFn: ({ pageParam }) => api.audit(asked, pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: page => page.next ?? undefined })
  const rows = list.data?.pages.flatMap(page => page.data) ?? []
  useOffer({ title: here, commands: [
    { id: 'search', title: 'Search what was changed', run: () => document.querySelector<HTMLElement>('main .filters input')?.focus() },
    ...(asked ? [{ id: 'all', title: 'Show all changes', run: () => { setTarget(''); setAsked(undefined) } }] : []),
    ...(list.hasNextPage ? [{ id: 'older', title: 'Show older changes', run: () => void list.fetchNextPage() }] : []),
  ] })
  return (
    <>
      <Top title="Audit" />
      <main className="page"><div className="wide">
        <form className="filters" onSubmit={e => { e.preventDefault(); setAsked(target.trim() || undefined) }}><LiveField label="What was changed" hideLabel value={target} onChange={setTarget} placeholder="What was changed, then Enter" /></form>
        {list.error ? <Failure error={list.error} what="The audit" retry={() => void list.refetch()} /> : list.isPending ? <SkeletonTable /> : rows.length === 0 ? <Empty icon={ScrollText}>{asked ? 'Nothing was changed under this name.' : 'Nothing was changed yet.'}</Empty>
          : <div className="table-box"><table className="table"><thead><tr><th>When</th><th>Who</th><th>Did</th><th>To</th><th>Before and after</th></tr></thead>
            <tbody>{rows.map(row => <tr key={row.id}><td><At at={row.at} /></td><td>{row.actor}</td><td>{deed(row.action, row.before === null)}</td><td><code>{row.target}</code></td><td>{row.before === null && row.after === null ? <span className="quiet-text">No details</span> : <details><summary>Show</summary><div className="pairs"><div><span className="quiet-text">Before</span><Data value={row.before} /></div><div><span className="quiet-text">After</span><Data value={row.after} /></div></div></details>}</td></tr>)}</tbody></table></div>}
        {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()}>Show older changes</Button>}
      </div></main>
    </>
  )
}
