import '../styles/design.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, History, RotateCcw } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { api } from '../api/client'
import type { DeployAnswer, DeploymentVersion, SourceFile } from '../api/contract'
import { queries } from '../api/queries'
import { words } from '../flow/activities'
import { counted, readFlow } from '../flow/model'
import { versionsRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Choose, Dialog, Segments } from '../kit/controls'
import { SettingValue } from '../kit/SettingValue'
import { Empty, Failure, Loaded, Note, SkeletonTable } from '../kit/states'
import { Ago } from '../kit/time'
import { compareFlows } from './compare'
import { StillFlow } from './StillFlow'

const Compare = lazy(() => import('../design/Saving').then(m => ({ default: m.Compare })))

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
          {after && before ? <Difference key={`${before.number}-${after.number}`} before={before} after={after} all={all} onBefore={n => go({ before: n })} onAfter={n => go({ after: n })} /> : <p className="quiet-text">There is nothing before it to compare with.</p>}
        </>}</Loaded>
      </div></main>
    </>
  )
}

function VersionTable({ versions, name, after, before, onCompare }: { versions: DeploymentVersion[]; name: string; after: DeploymentVersion | undefined; before: DeploymentVersion | undefined; onCompare(version: DeploymentVersion): void }) {
  const [back, setBack] = useState<DeploymentVersion | null>(null)
  const [done, setDone] = useState<string | null>(null)
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

function Difference({ before, after, all, onBefore, onAfter }: { before: DeploymentVersion; after: DeploymentVersion; all: DeploymentVersion[]; onBefore(number: string): void; onAfter(number: string): void }) {
  const [view, setView] = useState<'graph' | 'text'>('graph')
  const [path, setPath] = useState<string | null>(null)
  const old = useQuery({ queryKey: ['template', before.template, before.templateHash], queryFn: () => api.template(before.template, before.templateHash), staleTime: Infinity })
  const now = useQuery({ queryKey: ['template', after.template, after.templateHash], queryFn: () => api.template(after.template, after.templateHash), staleTime: Infinity })
  const choices = all.map(v => ({ id: String(v.number), label: `Version ${v.number}`, help: v.note ?? undefined }))
  const settings = useMemo(() => settingsChanged(before, after), [before, after])
  const error = old.error ?? now.error
  const files = old.data && now.data ? [...new Set([...old.data.files, ...now.data.files].map(f => f.path))].filter(p => /\.(ya?ml|json|csv)$/.test(p)) : []
  const content = (from: SourceFile[] | undefined, file: string) => from?.find(f => f.path === file)?.content ?? ''
  const changed = files.filter(f => content(old.data?.files, f) !== content(now.data?.files, f))
  const file = path ?? changed[0] ?? files.find(f => /flow/.test(f)) ?? files[0] ?? null
  return (
    <section className="panel" aria-label="Difference">
      <header><h2 className="grow">What changed</h2>
        <Choose label="Before" hideLabel value={String(before.number)} onChange={onBefore} choices={choices} /><span className="quiet-text">→</span><Choose label="After" hideLabel value={String(after.number)} onChange={onAfter} choices={choices} />
        <Segments<'graph' | 'text'> label="View" value={view} onChange={setView} choices={[{ id: 'graph', label: 'Graph' }, { id: 'text', label: 'Text' }]} /></header>
      <ChangeTable changes={settings} />
      {error ? <Failure error={error} what="The template of a version" /> : file === null ? <SkeletonTable rows={3} /> : <>
        <div className="row">{files.length > 1 && <Choose label="File" hideLabel value={file} onChange={setPath} choices={files.map(id => ({ id, label: id, help: changed.includes(id) ? 'changed' : undefined }))} />}<span className="quiet-text">{changed.length === 0 ? 'The template is the same in both.' : `${counted(changed.length, 'file')} changed`}</span></div>
        {view === 'text' ? <Suspense fallback={<SkeletonTable rows={4} />}><Compare left={content(old.data?.files, file)} right={content(now.data?.files, file)} leftTitle={`Version ${before.number}`} rightTitle={`Version ${after.number}`} /></Suspense>
          : <Graphs left={content(old.data?.files, file)} right={content(now.data?.files, file)} leftTitle={`Version ${before.number}`} rightTitle={`Version ${after.number}`} />}
      </>}
    </section>
  )
}

function Graphs({ left, right, leftTitle, rightTitle }: { left: string; right: string; leftTitle: string; rightTitle: string }) {
  const [a, b] = useMemo(() => [readFlow(left), readFlow(right)], [left, right])
  if (!a || !b || (a.all.length === 0 && b.all.length === 0)) return <Empty>This file is no flow: look at its text.</Empty>
  const difference = compareFlows(a, b)
  return <>
    <p className="counts-line"><span className="mark added">{difference.added} added</span><span className="mark changed">{difference.changed} changed</span><span className="mark removed">{difference.removed} removed</span></p>
    <div className="still-pair"><div><h3>{leftTitle}</h3><StillFlow model={a} marks={difference.before} label={`The flow in ${leftTitle.toLowerCase()}`} /></div><div><h3>{rightTitle}</h3><StillFlow model={b} marks={difference.after} label={`The flow in ${rightTitle.toLowerCase()}`} /></div></div>
  </>
}

function settingsChanged(before: DeploymentVersion, after: DeploymentVersion): { what: string; before: unknown; after: unknown }[] {
  const [old, now] = [before.specification as Record<string, unknown>, after.specification as Record<string, unknown>]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(key => key !== 'version' && JSON.stringify(old[key]) !== JSON.stringify(now[key])).map(what => ({ what, before: old[what], after: now[what] }))
}
