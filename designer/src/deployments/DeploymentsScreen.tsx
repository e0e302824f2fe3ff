import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { CircleCheck, CirclePause, Plus, Rocket, TriangleAlert } from 'lucide-react'
import type { Deployment, Outcome } from '../api/contract'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { words } from '../flow/activities'
import { useSystemTitle } from '../flow/systems'
import { counted } from '../flow/model'
import { Top } from '../frame/Frame'
import { Button, Choose, SearchBox } from '../kit/controls'
import { Empty, Loaded, Note } from '../kit/states'
import { Ago } from '../kit/time'
import { DeploymentActions } from './Actions'
import { Backfills, Budgets } from './Backfills'

/** More cards than anybody reads at once: the rest is found by its name. */
const most = 24

const order: Outcome[] = ['succeeded', 'failed', 'stopped', 'unchanged', 'filtered', 'superseded']

/** What runs here: each deployment with its state, what waits, and how its runs ended. */
export function DeploymentsScreen() {
  const navigate = useNavigate()
  const query = useQuery({ ...queries.deployments, refetchInterval: 3000 })
  const incidents = useQuery({ ...queries.incidents(false), refetchInterval: 5000 })
  const [search, setSearch] = useState('')
  const [state, setState] = useState('')
  const [everything, setEverything] = useState(false)
  const fits = (d: Deployment) => (search === '' || `${d.name} ${d.flow} ${Object.values(d.connections).map(c => c.name).join(' ')}`.toLowerCase().includes(search.toLowerCase())) && (state === '' || (state === 'failed' ? (d.runs.failed ?? 0) > 0 : d.state === state))
  useOffer({ title: here, commands: [
    { id: 'new', title: 'New deployment', run: () => void navigate({ to: '/deploy', search: { template: undefined, deployment: undefined, step: undefined } }) },
    ...(query.data?.data ?? []).flatMap(d => [{ id: 'change ' + d.name, title: `Change ${d.name}`, run: () => void navigate({ to: '/deploy', search: { template: undefined, deployment: d.name, step: undefined } }) }, { id: 'versions ' + d.name, title: `Versions of ${d.name}`, run: () => void navigate({ to: '/versions', search: { deployment: d.name, before: undefined, after: undefined } }) }]),
  ] })
  return (
    <>
      <Top title="Deployments" actions={<Link className="button primary" to="/deploy" search={{ template: undefined, deployment: undefined, step: undefined }}><Plus size={15} aria-hidden />New deployment</Link>} />
      <main className="page"><div className="wide">
        {query.data?.pauses.map(text => <Note key={text} look="warn">{text}</Note>)}
        {incidents.data && incidents.data.length > 0 && <section aria-label="Open incidents" className="panel"><header><TriangleAlert size={16} className="warn" aria-hidden /><h2>Open incidents</h2></header>
          <ul className="problems">{incidents.data.map(i => <li key={(i.deployment ?? '') + i.fingerprint} className="row"><span className="grow">{i.message.replace(/\((?:[^()\s]*\/)([^()\s/]+:\d+:\d+)\)/, '($1)')}<div className="quiet-text">{i.deployment} · {counted(i.count, 'time')} · last <Ago at={i.lastSeen} /></div></span><Link to="/dead-letters" search={{ deployment: i.deployment ?? undefined, fingerprint: i.fingerprint, id: undefined }}>See the records</Link></li>)}</ul></section>}
        <Loaded query={query} what="The deployments" isEmpty={d => d.data.length === 0} empty={<Empty icon={Rocket}>Nothing is deployed yet.</Empty>}>
          {d => {
            const found = d.data.filter(fits)
            const shown = everything ? found : found.slice(0, most)
            return <>
              {d.data.length > 6 && <div className="filters"><SearchBox label="Search deployments" value={search} onChange={setSearch} /><Choose label="State" hideLabel value={state} onChange={setState} choices={[{ id: '', label: 'All states' }, { id: 'active', label: 'Active' }, { id: 'paused', label: 'Paused' }, { id: 'failed', label: 'With failed runs' }]} /></div>}
              {found.length === 0 ? <Empty icon={Rocket}>No deployment fits.</Empty> : <div className="cards">{shown.map(deployment => <Card key={deployment.name} deployment={deployment} />)}</div>}
              {shown.length < found.length && <div><Button onPress={() => setEverything(true)}>Show all {found.length.toLocaleString('en')}</Button></div>}
            </>
          }}
        </Loaded>
        <Budgets />
      </div></main>
    </>
  )
}

function Card({ deployment: d }: { deployment: Deployment }) {
  const systemTitle = useSystemTitle()
  const active = d.state === 'active'
  const waits = d.waiting.ready + d.waiting.behind + d.waiting.delayed
  return (
    <section className="panel" aria-label={d.name}>
      <header><h2 className="grow cut">{d.name}</h2><span className={'state ' + (active ? 'ok' : 'warn')}>{active ? <CircleCheck size={15} aria-hidden /> : <CirclePause size={15} aria-hidden />}{words(d.state)}</span></header>
      <p className="quiet-text">{d.flow} {d.version && `· version ${d.version}`} · <code>{d.hash.slice(0, 8)}</code></p>
      {d.pausedBecause && <Note look="warn">{d.pausedBecause}</Note>}
      <div className="counts">{order.filter(o => d.runs[o]).map(o => <div key={o}><b className={o === 'failed' ? 'error' : ''}>{d.runs[o]!.toLocaleString('en')}</b><span>{words(o)}</span></div>)}<div><b>{waits.toLocaleString('en')}</b><span>Waiting</span></div></div>
      <dl className="facts">{Object.entries(d.connections).map(([logical, c]) => <div key={logical} style={{ display: 'contents' }}><dt>{systemTitle(logical)}</dt><dd>{c.name} <span className="quiet-text">{c.realm}</span></dd></div>)}</dl>
      <DeploymentActions deployment={d} />
      <Backfills deployment={d.name} flow={d.flow} />
      <div className="row"><Link to="/runs" search={{ deployment: d.name, outcome: undefined, key: undefined, run: undefined }}>Runs</Link><Link to="/dead-letters" search={{ deployment: d.name, fingerprint: undefined, id: undefined }}>Dead letters</Link></div>
    </section>
  )
}
