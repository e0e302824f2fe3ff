import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Activity, CircleHelp, Radio } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { api } from '../api/client'
import type { Run } from '../api/contract'
import { follow } from '../api/http'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { runsRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Choose, LiveField, Segments } from '../kit/controls'
import { Empty, Failure, SkeletonTable } from '../kit/states'
import { Ago, duration } from '../kit/time'
import { OutcomeWord, outcomes } from './outcome'
import { WhyDialog } from '../why/WhyDialog'
import { RunDetails } from './RunDetails'

export interface RunsSearch { deployment: string | undefined; outcome: string | undefined; key: string | undefined; run: string | undefined }

export function RunsScreen() {
  const search = runsRoute.useSearch()
  const navigate = useNavigate()
  const deployments = useQuery(queries.deployments)
  return <Runs search={search} onSearch={next => void navigate({ to: '/runs', search: next })} deployments={(deployments.data?.data ?? []).map(d => d.name)} everything frame={(tools, body) => <><Top title="Runs" actions={tools} />{body}</>} />
}

/** Runs as they end, newest first; the list follows the server while it is open. */
export function Runs({ search, onSearch, deployments, everything = false, flow, frame }: {
  search: RunsSearch; onSearch(search: RunsSearch): void; deployments: string[]; everything?: boolean; flow?: string; frame(tools: ReactNode, body: ReactNode): ReactNode
}) {
  const [key, setKey] = useState(search.key ?? '')
  const [live, setLive] = useState(true)
  const [asking, setAsking] = useState(false)
  const filter = { deployment: search.deployment, flow: search.deployment === undefined ? flow : undefined, outcome: search.outcome, key: search.key, limit: 50 }
  const list = useInfiniteQuery({ queryKey: ['runs', filter], queryFn: ({ pageParam }) => api.runs({ ...filter, cursor: pageParam }), initialPageParam: undefined as string | undefined, getNextPageParam: page => page.next ?? undefined })
  const connected = useLive(search.deployment, live)
  const whole = everything || deployments.length > 1
  const go = (change: Partial<RunsSearch>) => onSearch({ deployment: search.deployment, outcome: search.outcome, key: search.key, run: search.run, ...change })
  useOffer({ title: here, commands: [
    { id: 'why', title: 'Why a value?', run: () => setAsking(true) }, { id: 'live', title: live ? 'Hold still' : 'Follow', run: () => setLive(!live) },
    ...(search.outcome === 'failed' ? [] : [{ id: 'failed', title: 'Show the failed runs', run: () => go({ outcome: 'failed' }) }]),
    ...(search.outcome || search.key || (whole && search.deployment) ? [{ id: 'all', title: 'Show all runs', run: () => { setKey(''); go({ outcome: undefined, key: undefined, ...(whole && { deployment: undefined }) }) } }] : []),
    ...(list.hasNextPage ? [{ id: 'older', title: 'Show older runs', run: () => void list.fetchNextPage() }] : []),
  ] })
  const rows = list.data?.pages.flatMap(page => page.data) ?? []
  const tools = <>
    <Button size="small" onPress={() => setAsking(true)}><CircleHelp size={14} aria-hidden />Why a value?</Button><span className={'state ' + (connected ? 'ok' : 'quiet-text')} role="status"><Radio size={14} aria-hidden />{live ? (connected ? 'Live' : 'Connecting') : 'Paused'}</span>
    <Segments<'live' | 'paused'> label="Follow" value={live ? 'live' : 'paused'} onChange={v => setLive(v === 'live')} choices={[{ id: 'live', label: 'Follow' }, { id: 'paused', label: 'Hold still' }]} />
  </>
  return frame(tools, (
      <main className={'split' + (search.run ? '' : ' one')}>
        <div className="list-side" data-pane="">
          <div className="filters">
            {whole && <Choose label="Deployment" hideLabel value={search.deployment ?? ''} onChange={v => go({ deployment: v || undefined, run: undefined })} choices={[{ id: '', label: 'All deployments' }, ...deployments.map(name => ({ id: name, label: name }))]} />}
            <Choose label="Outcome" hideLabel value={search.outcome ?? ''} onChange={v => go({ outcome: v || undefined })} choices={[{ id: '', label: 'All outcomes' }, ...outcomes]} />
            <form onSubmit={e => { e.preventDefault(); go({ key: key.trim() || undefined }) }}><LiveField label="Key" hideLabel value={key} onChange={setKey} placeholder="Key, then Enter" /></form>
          </div>
          {list.error && rows.length === 0 ? <Failure error={list.error} what="The runs" retry={() => void list.refetch()} /> : list.isPending ? <SkeletonTable rows={8} /> : rows.length === 0
            ? <Empty icon={Activity}>{search.outcome || search.key || (whole && search.deployment) ? 'No run fits this filter.' : 'No runs yet. They appear here as records change.'}</Empty>
            : <RunTable rows={rows} selected={search.run} onSelect={run => go({ run })} />}
          {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>Show older runs</Button>}
        </div>
        {asking && <WhyDialog about={{}} onClose={() => setAsking(false)} />}
        {search.run && <RunDetails key={search.run} id={search.run} onClose={() => go({ run: undefined })} />}
      </main>
  ))
}

/** Beside an open run there is room for what tells the runs apart: the deployment goes below the record, what was written is in the run. */
function RunTable({ rows, selected, onSelect }: { rows: Run[]; selected: string | undefined; onSelect(id: string): void }) {
  const narrow = selected !== undefined
  return (
    <div className="table-box"><table className="table">
      <thead><tr><th>Outcome</th><th>Record</th>{!narrow && <><th>Deployment</th><th className="right">Effects</th></>}<th className="right">Took</th><th>Ended</th></tr></thead>
      <tbody>{rows.map(run => (
        <tr key={run.id} aria-current={run.id === selected ? 'true' : undefined}>
          <td><button type="button" className="link" onClick={() => onSelect(run.id)}><OutcomeWord outcome={run.outcome} /></button>{run.text && <div className="quiet-text clamp">{run.text}</div>}</td>
          <td><code>{run.record ?? run.key}</code>{narrow && <div className="quiet-text">{run.deployment}</div>}</td>
          {!narrow && <><td>{run.deployment}</td><td className="right num">{run.effects}</td></>}
          <td className="right num">{duration(run.acceptedAt, run.endedAt)}{run.attempts > 1 && <div className="quiet-text">{run.attempts} attempts</div>}</td>
          <td><Ago at={run.endedAt} /></td>
        </tr>
      ))}</tbody>
    </table></div>
  )
}

/** Server-sent events only say that something ended: the list is read again, at most once a second. */
function useLive(deployment: string | undefined, on: boolean): boolean {
  const client = useQueryClient()
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    if (!on) { setConnected(false); return }
    const abort = new AbortController()
    let waiting: number | undefined
    const again = () => { waiting ??= window.setTimeout(() => { waiting = undefined; void client.invalidateQueries({ queryKey: ['runs'] }); void client.invalidateQueries({ queryKey: ['deployments'] }) }, 1000) }
    void follow(api.liveRuns(deployment), setConnected, event => { if (event === 'run') again() }, abort.signal)
    return () => { window.clearTimeout(waiting); abort.abort() }
  }, [client, deployment, on])
  return connected
}
