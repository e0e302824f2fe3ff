import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, History, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { DeployAnswer, DeploymentVersion } from '../api/contract'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { words } from '../flow/activities'
import { versionsRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Dialog } from '../kit/controls'
import { SettingValue } from '../kit/SettingValue'
import { Empty, Loaded, Note, SkeletonTable } from '../kit/states'
import { Ago } from '../kit/time'
import { Difference, type Side } from './Difference'

const sideOf = (v: DeploymentVersion): Side => ({ id: String(v.number), title: `Version ${v.number}`, template: v.template, hash: v.templateHash })

/** What a deployment was told to be, newest first; two of them beside each other; back to one of them. */
export function VersionsScreen() {
  const search = versionsRoute.useSearch()
  const navigate = useNavigate()
  const name = search.deployment ?? ''
  const versions = useQuery(queries.deploymentVersions(name))
  const list = versions.data ?? []
  const current = list[0]
  const after = list.find(v => v.number === Number(search.after)) ?? current
  const before = list.find(v => v.number === Number(search.before)) ?? list[list.indexOf(after!) + 1]
  const go = (change: Partial<typeof search>) => void navigate({ to: '/versions', search: { ...search, ...change } })
  return (
    <>
      <Top title={`Versions of ${name}`} crumb={<><Link to="/deployments">Deployments</Link><ChevronRight size={14} aria-hidden /></>} />
      <main className="page"><div className="wide">
        <Loaded query={versions} what="The versions" isEmpty={v => v.length === 0} empty={<Empty icon={History}>No version is recorded.</Empty>}>{all => <>
          <VersionTable versions={all} name={name} after={after} before={before} onCompare={v => go({ after: String(v.number), before: undefined })} />
          {after && before ? <Difference key={`${before.number}-${after.number}`} before={sideOf(before)} after={sideOf(after)} choices={all.map(v => ({ id: String(v.number), label: `Version ${v.number}`, help: v.note ?? undefined }))} onBefore={n => go({ before: n })} onAfter={n => go({ after: n })}><ChangeTable changes={settingsChanged(before, after)} /></Difference> : <p className="quiet-text">There is nothing before it to compare with.</p>}
        </>}</Loaded>
      </div></main>
    </>
  )
}

function VersionTable({ versions, name, after, before, onCompare }: { versions: DeploymentVersion[]; name: string; after: DeploymentVersion | undefined; before: DeploymentVersion | undefined; onCompare(version: DeploymentVersion): void }) {
  const [back, setBack] = useState<DeploymentVersion | null>(null)
  const [done, setDone] = useState<string | null>(null)
  useOffer({ title: here, commands: versions.flatMap((v, i) => [
    ...(i < versions.length - 1 ? [{ id: 'changed ' + v.number, title: `What version ${v.number} changed`, about: v.note ?? undefined, run: () => onCompare(v) }] : []),
    ...(i > 0 ? [{ id: 'back ' + v.number, title: `Go back to version ${v.number}`, about: v.note ?? undefined, run: () => setBack(v) }] : []),
  ]) })
  return <>
    {done && <Note>{done}</Note>}
    <div className="table-box"><table className="table"><thead><tr><th className="right">Number</th><th>Template</th><th>Note</th><th>When</th><th>State</th><th><span className="hidden">Actions</span></th></tr></thead>
      <tbody>{versions.map((v, i) => <tr key={v.number} aria-current={v === after || v === before ? 'true' : undefined}>
        <td className="right num">{v.number}</td><td>{v.template} <code className="quiet-text">{v.templateHash.slice(0, 8)}</code></td><td>{v.note ?? <span className="quiet-text">none</span>}</td>
        <td><Ago at={v.createdAt} />{v.createdBy && <div className="quiet-text">{v.createdBy}</div>}</td>
        <td>{i === 0 ? <span className="pill ok">In force</span> : ''}</td>
        <td className="right"><span className="row" style={{ justifyContent: 'flex-end' }}>{i < versions.length - 1 && <Button size="small" look="quiet" onPress={() => onCompare(v)}>What it changed</Button>}{i > 0 && <Button size="small" onPress={() => setBack(v)}><RotateCcw size={14} aria-hidden />Go back to it</Button>}</span></td>
      </tr>)}</tbody></table></div>
    {back && <GoBack name={name} to={back} onClose={text => { setBack(null); if (text) setDone(text) }} />}
  </>
}

/** What going back would change is told before it is done. */
function GoBack({ name, to, onClose }: { name: string; to: DeploymentVersion; onClose(done?: string): void }) {
  const client = useQueryClient()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const dry = useQuery({ queryKey: ['rollback', name, to.number], queryFn: () => api.rollback(name, to.number, true), staleTime: 0, gcTime: 0, retry: false })
  async function act() {
    setBusy(true)
    try {
      await api.rollback(name, to.number, false)
      await client.invalidateQueries()
      onClose(`${name} is back at what version ${to.number} was, as a new version.`)
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
      setBusy(false)
    }
  }
  const blocked = !dry.data || dry.data.problems.length > 0 || dry.data.diagnostics.some(d => d.severity === 'error')
  return (
    <Dialog title={`Go back to version ${to.number}?`} wide isOpen onClose={() => onClose()} foot={<><Button onPress={() => onClose()}>Cancel</Button><Button look="primary" isDisabled={blocked || busy} onPress={() => void act()}>Go back</Button></>}>
      <p>A new version is made with its content. Records that were written meanwhile stay as they are.</p>
      {error && <Note look="error">{error}</Note>}
      {dry.error ? <Note look="error">{dry.error.message}</Note> : dry.data ? <><Refused answer={dry.data} /><ChangeTable changes={dry.data.changes} /></> : <SkeletonTable rows={3} />}
    </Dialog>
  )
}

const Refused = ({ answer }: { answer: DeployAnswer }) => <>{answer.diagnostics.map((d, i) => <Note key={i} look={d.severity === 'error' ? 'error' : 'warn'} quote={d.hint}>{d.message}</Note>)}{answer.problems.map((p, i) => <Note key={i} look="error">{p}</Note>)}</>

function ChangeTable({ changes }: { changes: { what: string; before: unknown; after: unknown }[] }) {
  if (changes.length === 0) return <p className="quiet-text">The settings are the same.</p>
  return <div className="table-box"><table className="table"><thead><tr><th>Setting</th><th>Before</th><th>After</th></tr></thead><tbody>{changes.map(c => <tr key={c.what}><td>{words(c.what === 'templateHash' ? 'templateContent' : c.what)}</td><td className="quiet-text">{short(c.what, c.before)}</td><td>{short(c.what, c.after)}</td></tr>)}</tbody></table></div>
}

const short = (what: string, value: unknown) => (what === 'templateHash' ? <code>{String(value).slice(0, 8)}</code> : <SettingValue value={value} />)

function settingsChanged(before: DeploymentVersion, after: DeploymentVersion): { what: string; before: unknown; after: unknown }[] {
  const [old, now] = [before.specification as Record<string, unknown>, after.specification as Record<string, unknown>]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(key => key !== 'version' && JSON.stringify(old[key]) !== JSON.stringify(now[key])).map(what => ({ what, before: old[what], after: now[what] }))
}
