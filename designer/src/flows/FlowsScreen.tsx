import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus, Workflow } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Deployment, DraftSummary, TemplateSummary } from '../api/contract'
import { Problem } from '../api/http'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { words } from '../flow/activities'
import { useSystemTitle } from '../flow/systems'
import { Top } from '../frame/Frame'
import { emptyFlowSearch } from '../frame/search'
import { Button, Choose, Dialog, LiveField, SearchBox } from '../kit/controls'
import { Empty, Loaded } from '../kit/states'
import { Ago } from '../kit/time'
import { OutcomeWord } from '../runs/outcome'

interface Row {
  id: string
  title: string
  flows: string[]
  origin: string
  connections: string[]
  draft: DraftSummary | undefined
  deployments: Deployment[]
}

const origins = { builtIn: 'Template', workspace: 'Workspace', uploaded: 'Uploaded' }

function rowsOf(templates: TemplateSummary[], drafts: DraftSummary[], deployments: Deployment[]): Row[] {
  const rows = templates.map(t => ({
    id: t.id, title: t.title || t.id, flows: t.flows, origin: origins[t.origin], connections: [...new Set(Object.values(t.connections))], draft: drafts.find(d => d.id === t.id), deployments: deployments.filter(d => t.flows.includes(d.flow)),
  }))
  const own = drafts.filter(d => !templates.some(t => t.id === d.id)).map(d => ({ id: d.id, title: d.title || d.id, flows: [d.id], origin: 'Draft', connections: [...new Set(Object.values(d.connections))], draft: d, deployments: deployments.filter(x => x.flow === d.id) }))
  return [...own, ...rows]
}

export function FlowsScreen() {
  const systemTitle = useSystemTitle()
  const templates = useQuery(queries.templates)
  const drafts = useQuery(queries.drafts)
  const deployments = useQuery({ ...queries.deployments, refetchInterval: 5000 })
  const [search, setSearch] = useState('')
  const [system, setSystem] = useState('all')
  const [making, setMaking] = useState(false)
  useOffer({ title: here, commands: [{ id: 'new', title: 'New flow', run: () => setMaking(true) }] })
  const ready = templates.data && (drafts.data || drafts.error) ? rowsOf(templates.data, drafts.data ?? [], deployments.data?.data ?? []) : undefined
  const query = { data: ready, error: templates.error, isPending: templates.isPending, refetch: () => { void templates.refetch(); void drafts.refetch() } }
  const systems = [...new Set((ready ?? []).flatMap(row => row.connections))]
  const wanted = (row: Row) => (search === '' || [row.title, row.id, ...row.flows].join(' ').toLowerCase().includes(search.toLowerCase())) && (system === 'all' || row.connections.includes(system))
  return (
    <>
      <Top title="Flows" actions={<Button look="primary" onPress={() => setMaking(true)}><Plus size={15} aria-hidden />New flow</Button>} />
      <main className="page"><div className="wide">
        <div className="filters">
          <SearchBox label="Search flows" value={search} onChange={setSearch} />
          {systems.length > 0 && <Choose label="System" hideLabel value={system} onChange={setSystem} choices={[{ id: 'all', label: 'All systems' }, ...systems.map(id => ({ id, label: systemTitle(id) }))]} />}
        </div>
        <Loaded query={query} what="The flows" isEmpty={rows => rows.length === 0}
          empty={<Empty icon={Workflow} action={<Button look="primary" onPress={() => setMaking(true)}>New flow</Button>}>No flows yet. Start from a template or an empty flow.</Empty>}>
          {rows => rows.filter(wanted).length === 0 ? <Empty icon={Workflow}>No flow fits this search.</Empty> : <FlowTable rows={rows.filter(wanted)} />}
        </Loaded>
      </div></main>
      {making && <NewFlow templates={templates.data ?? []} taken={(ready ?? []).map(row => row.id)} onClose={() => setMaking(false)} />}
    </>
  )
}

function FlowTable({ rows }: { rows: Row[] }) {
  const systemTitle = useSystemTitle()
  return (
    <div className="table-box"><table className="table">
      <thead><tr><th>Flow</th><th>State</th><th>Systems</th><th className="right">Succeeded<div className="quiet-text">in 24 hours</div></th><th className="right">Failed<div className="quiet-text">in 24 hours</div></th><th>Last run</th><th>Last change</th></tr></thead>
      <tbody>{rows.map(row => {
        const count = (outcome: 'succeeded' | 'failed') => row.deployments.reduce((sum, d) => sum + (d.lastDay[outcome] ?? 0), 0)
        return (
          <tr key={row.id}>
            <td><Link className="name" to="/flows/$id" params={{ id: row.id }} search={emptyFlowSearch}>{row.title}</Link><div className="quiet-text">{row.flows.length > 1 ? `${row.flows.length} flows: ${row.flows.join(', ')}` : row.flows[0] ?? row.id}</div></td>
            <td><FlowState row={row} /></td>
            <td>{row.connections.map(systemTitle).join(', ')}</td>
            <td className="right num">{row.deployments.length > 0 ? count('succeeded').toLocaleString('en') : ''}</td>
            <td className="right num">{row.deployments.length === 0 ? '' : count('failed') > 0 ? <Link className="error" to="/dead-letters" search={{ deployment: row.deployments[0]!.name, fingerprint: undefined, id: undefined }}>{count('failed').toLocaleString('en')}</Link> : '0'}</td>
            <td>{row.deployments.length > 0 && <LastRun flows={row.flows} deployments={row.deployments} />}</td>
            <td>{row.draft ? <><Ago at={row.draft.updatedAt} />{row.draft.updatedBy && <div className="quiet-text">{row.draft.updatedBy}</div>}</> : <span className="quiet-text">{row.origin}</span>}</td>
          </tr>
        )
      })}</tbody>
    </table></div>
  )
}

/** When it ran last, in whichever deployment, and how that ended; it leads to the run. */
function LastRun({ flows, deployments }: { flows: string[]; deployments: Deployment[] }) {
  const ran = flows.filter(flow => deployments.some(d => d.flow === flow))
  const newest = useQueries({ queries: ran.map(flow => ({ queryKey: ['lastRun', flow, JSON.stringify(deployments.filter(d => d.flow === flow).map(d => d.runs))], queryFn: () => api.runs({ flow, limit: 1 }), placeholderData: keepPreviousData, staleTime: 30_000 })) })
  const last = newest.flatMap(q => q.data?.data ?? []).sort((a, b) => b.endedAt.localeCompare(a.endedAt))[0]
  if (!last) return newest.some(q => q.isPending) ? null : <span className="quiet-text">never</span>
  return <><Link to="/runs" search={{ deployment: last.deployment, run: last.id, outcome: undefined, key: undefined }}><Ago at={last.endedAt} /></Link><div><OutcomeWord outcome={last.outcome} /></div></>
}

function FlowState({ row }: { row: Row }) {
  const paused = row.deployments.filter(d => d.state !== 'active')
  const running = row.deployments.length - paused.length
  return (
    <span className="row" style={{ flexWrap: 'wrap', gap: 4 }}>
      {running > 0 && <span className="pill ok">Running{running > 1 ? ` × ${running}` : ''}</span>}
      {paused.map(d => <span key={d.name} className="pill warn">{words(d.state)}</span>)}
      {row.draft && <span className="pill">Draft</span>}
      {row.deployments.length === 0 && !row.draft && <span className="quiet-text">Not deployed</span>}
    </span>
  )
}

const emptyFlow = (id: string, title: string) => `flow: ${id}
title: ${/[:#]|^[-?!&*'"|>%@\x60{[]/.test(title) ? "'" + title.replaceAll("'", "''") + "'" : title}
version: 1.0.0

connections: { servicetitan: servicetitan, salesforce: salesforce }

trigger:
  on: servicetitan/customer.changed

steps: []
`

function NewFlow({ templates, taken, onClose }: { templates: TemplateSummary[]; taken: string[]; onClose(): void }) {
  const [title, setTitle] = useState('')
  const [from, setFrom] = useState('empty')
  const [error, setError] = useState<string | null>(null)
  const navigate = useNavigate()
  const id = title.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 60)
  async function create() {
    try {
      const template = from === 'empty' ? null : await api.template(from)
      const files = template ? template.files : [{ path: `${id}.yaml`, content: emptyFlow(id, title.trim()) }]
      await api.saveDraft(id, { title: title.trim(), template: template?.id ?? null, templateHash: template?.hash ?? null, files }, null)
      await navigate({ to: '/flows/$id', params: { id }, search: emptyFlowSearch })
    } catch (e) {
      setError(e instanceof Problem && (e.status === 412 || e.status === 409) ? 'A flow with this name exists already.' : e instanceof Error ? e.message : String(e))
    }
  }
  const clash = taken.includes(id) ? 'A flow with this name exists already.' : null
  return (
    <Dialog title="New flow" isOpen onClose={onClose} foot={<><Button onPress={onClose}>Cancel</Button><Button look="primary" isDisabled={id === '' || clash !== null} onPress={() => void create()}>Create flow</Button></>}>
      <LiveField label="Title" value={title} onChange={setTitle} autoFocus error={clash ?? error} help={id ? <>Its name will be <code>{id}</code></> : 'What the flow does, in a few words'} />
      <Choose label="Start from" value={from} onChange={setFrom} choices={[{ id: 'empty', label: 'An empty flow' }, ...templates.map(t => ({ id: t.id, label: t.title, help: t.id }))]} />
    </Dialog>
  )
}
