import '@xyflow/react/dist/base.css'
import '../styles/design.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, CircleAlert, CircleCheck, Redo2, Trash2, Undo2 } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { api } from '../api/client'
import { DocumentProvider, useDocument, useDocumentState } from '../document/context'
import { FlowDocument, flowFiles, type Opened } from '../document/store'
import { openFlow as flowKeys } from '../commands/keys'
import { here, useOffer } from '../commands/offers'
import type { FlowModel } from '../flow/model'
import { flowRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Choose, Dialog } from '../kit/controls'
import { Failure, Note, SkeletonTable } from '../kit/states'
import { focusCard } from './focusCard'
import { DesignTab } from './DesignTab'
import { SavingBar, SavingState } from './Saving'
import { Publish } from './Publish'
import { useDeploymentsOf } from './overlay'
import { PlanDialog } from '../plan/PlanDialog'

const MappingTab = lazy(() => import('../mapping/MappingTab').then(m => ({ default: m.MappingTab })))
const FlowRuns = lazy(() => import('../runs/FlowRuns').then(m => ({ default: m.FlowRuns })))
const FlowVersions = lazy(() => import('../versions/FlowVersions').then(m => ({ default: m.FlowVersions })))

const tabs = { design: { title: 'Design', about: 'Canvas, settings and YAML' }, mapping: { title: 'Mapping', about: 'Where each field comes from' }, runs: { title: 'Runs', about: 'What this flow did' }, versions: { title: 'Versions', about: 'What was published of this flow' } }
type Tab = keyof typeof tabs
const tabNames = Object.keys(tabs) as Tab[]

/** A draft where there is one, else the template it would begin from. */
async function open(id: string): Promise<Opened> {
  if ((await api.drafts()).some(draft => draft.id === id)) {
    const { data, etag } = await api.draft(id)
    return { id, title: data.title, template: data.template, templateHash: data.templateHash, files: data.files, etag }
  }
  const template = await api.template(id)
  return { id, title: template.title, template: template.id, templateHash: template.hash, files: template.files, etag: null }
}

export function FlowScreen() {
  const { id } = flowRoute.useParams()
  const { file } = flowRoute.useSearch()
  const [revision, setRevision] = useState(0)
  const loaded = useQuery({ queryKey: ['open', id, revision], queryFn: () => open(id), staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false })
  const document = useMemo(() => (loaded.data && loaded.data.files.length > 0 ? new FlowDocument(loaded.data, file) : null), [loaded.data])
  useEffect(() => () => document?.close(), [document])
  if (document === null) {
    return <><Top title={id} crumb={<Crumb />} /><main className="page"><div className="wide">{loaded.error ? <Failure error={loaded.error} what="This flow" retry={() => void loaded.refetch()} /> : loaded.data ? <Note look="warn">This flow has no files.</Note> : <SkeletonTable rows={8} />}</div></main></>
  }
  return <DocumentProvider value={document}><OpenFlow onReload={() => setRevision(r => r + 1)} /></DocumentProvider>
}

const Crumb = () => <><Link to="/">Flows</Link><ChevronRight size={14} aria-hidden /></>

function OpenFlow({ onReload }: { onReload(): void }) {
  const document = useDocument()
  const navigate = useNavigate()
  const { id } = flowRoute.useParams()
  const { tab: asked, step, run } = flowRoute.useSearch()
  const tab: Tab = tabNames.find(name => name === asked) ?? 'design'
  const model = useDocumentState(s => s.model)
  const opened = useDocumentState(s => s.opened)
  const path = useDocumentState(s => s.path)
  const refused = useDocumentState(s => s.refused)
  const [publishing, setPublishing] = useState(false)
  const [planning, setPlanning] = useState(false)
  const deployments = useDeploymentsOf(model?.id ?? '')
  const [leaving, setLeaving] = useState(false)
  const queries = useQueryClient()
  const flows = flowFiles(opened.files)
  const others = opened.files.map(f => f.path).filter(p => !flows.includes(p) && /\.(ya?ml|json|csv)$/.test(p))

  useEffect(() => { const key = step && stepKey(document.store.getState(), step); if (key) document.select(key) }, [document, step])
  useEffect(() => {
    const keys = (e: KeyboardEvent) => {
      const command = e.ctrlKey || e.metaKey
      if (!command) return
      const inEditor = (e.target as HTMLElement | null)?.closest?.('.cm-editor, input, textarea')
      if (e.key === 's') { e.preventDefault(); void document.save() }
      else if (e.key === 'Enter' && !window.document.querySelector('[role=dialog]')) { e.preventDefault(); setPlanning(true) }
      else if (e.key.toLowerCase() === 'z' && !inEditor) { e.preventDefault(); if (e.shiftKey) document.redo(); else document.undo() }
      else if (e.key === 'y' && !inEditor) { e.preventDefault(); document.redo() }
    }
    const leave = () => { document.keepHistory(); void document.save() }
    window.addEventListener('keydown', keys)
    window.addEventListener('pagehide', leave)
    return () => { window.removeEventListener('keydown', keys); window.removeEventListener('pagehide', leave) }
  }, [document])

  const view = (name: Tab, to: string | undefined) => navigate({ to: '/flows/$id', params: { id }, search: { tab: name, file: path, step: to, run } })
  useOffer({
    title: here, keys: [flowKeys],
    commands: [
      { id: 'publish', title: 'Publish', run: () => setPublishing(true) },
      ...(deployments.length > 0 ? [{ id: 'plan', title: 'Plan', about: 'What it would write, tried with records as they are now', run: () => setPlanning(true) }] : []),
      { id: 'undo', title: 'Undo', run: () => document.undo() },
      { id: 'redo', title: 'Redo', run: () => document.redo() },
      { id: 'save', title: 'Save the draft', run: () => void document.save() },
      ...(opened.etag ? [{ id: 'discard', title: 'Discard this draft', run: () => setLeaving(true) }] : []),
      ...tabNames.filter(name => name !== tab).map(name => ({ id: name, title: tabs[name].title, about: tabs[name].about, run: () => void view(name, undefined) })),
      ...[...flows, ...others].filter(file => file !== path).map(file => ({ id: file, title: `Open ${file}`, run: () => openFile(file) })),
    ],
  })
  useOffer({
    title: 'Steps of this flow',
    commands: [...(model?.triggers ?? []), ...(model?.all ?? [])].map(s => ({ id: s.key, title: s.title, about: s.subtitle, run: () => void view('design', s.key).then(() => { document.select(s.key); focusCard(s.key) }) })),
  })
  function openFile(file: string) {
    document.open(file)
    void navigate({ to: '/flows/$id', params: { id }, search: { tab, file, step: undefined, run } })
  }

  async function discard() {
    if (opened.etag) await api.deleteDraft(opened.id, opened.etag)
    await queries.invalidateQueries({ queryKey: ['drafts'] })
    if (opened.template) onReload()
    else await navigate({ to: '/' })
    setLeaving(false)
  }

  return (
    <>
      <Top crumb={<Crumb />} title={model?.title || opened.title || id} state={<SavingState />}
        tabs={<nav className="tabs" aria-label="Views of this flow">
          {tabNames.map(name => <Link key={name} to="/flows/$id" params={{ id }} search={{ tab: name, file: path, step: undefined, run }} className={tab === name ? 'active' : ''} aria-current={tab === name ? 'page' : undefined}>{tabs[name].title}</Link>)}
        </nav>}
        actions={<>
          {flows.length + others.length > 1 && <Choose label="File" hideLabel value={path} onChange={openFile} choices={[...flows, ...others].map(file => ({ id: file, label: file }))} />}
          <Problems />
          <Button look="quiet" icon tip="Undo (Ctrl+Z)" onPress={() => document.undo()}><Undo2 size={16} /></Button>
          <Button look="quiet" icon tip="Redo (Ctrl+Shift+Z)" onPress={() => document.redo()}><Redo2 size={16} /></Button>
          {opened.etag && <Button look="quiet" icon tip="Discard this draft" onPress={() => setLeaving(true)}><Trash2 size={16} /></Button>}
          {deployments.length > 0 && <Button onPress={() => setPlanning(true)}>Plan</Button>}
          <Button look="primary" onPress={() => setPublishing(true)}>Publish</Button>
        </>} />
      <SavingBar onReload={onReload} />
      {refused && <Note look="warn">{refused}</Note>}
      {tab === 'design' ? <DesignTab /> : <Suspense fallback={<main className="page"><SkeletonTable /></main>}>{tab === 'mapping' ? <MappingTab /> : tab === 'runs' ? <FlowRuns flow={model?.id ?? ''} /> : <FlowVersions flow={model?.id ?? ''} />}</Suspense>}
      {planning && <PlanDialog deployments={deployments} files={document.flowSources()} onClose={() => setPlanning(false)} />}
      {publishing && <Publish onClose={() => setPublishing(false)} />}
      <Dialog title="Discard this draft?" isOpen={leaving} onClose={() => setLeaving(false)} foot={<><Button onPress={() => setLeaving(false)}>Keep it</Button><Button look="danger" onPress={() => void discard()}>Discard the draft</Button></>}>
        <p>{opened.template ? 'The flow goes back to what was published last.' : 'The flow was never published: it is gone then.'}</p>
      </Dialog>
    </>
  )
}

/** A step by its key, or as the engine names it: by its id, else by the line and column where it stands. */
function stepKey({ model, text }: { model: FlowModel | undefined; text: string }, wish: string): string | undefined {
  const at = wish.lastIndexOf('@')
  if (at < 0) return wish
  const [line, column] = wish.slice(at + 1).split(':').map(Number)
  const offset = text.split('\n').slice(0, (line ?? 1) - 1).reduce((sum, row) => sum + row.length + 1, 0) + (column ?? 1) - 1
  return (model?.all.find(step => step.id === wish.slice(0, at)) ?? model?.all.findLast(step => offset >= step.from && offset <= step.to))?.key
}

function Problems() {
  const document = useDocument()
  const diagnostics = useDocumentState(s => s.diagnostics)
  const checking = useDocumentState(s => s.checking)
  const problem = useDocumentState(s => s.checkProblem)
  const [isOpen, setOpen] = useState(false)
  const errors = diagnostics.filter(d => d.severity === 'error').length
  if (problem !== null) return <span className="state warn" title={problem}><CircleAlert size={14} aria-hidden />Not checked</span>
  if (diagnostics.length === 0) return <span className="state ok"><CircleCheck size={14} aria-hidden />{checking ? 'Checking' : 'No problems'}</span>
  return (
    <>
      <Button size="small" onPress={() => setOpen(true)} className={errors > 0 ? 'danger' : ''}><CircleAlert size={14} aria-hidden />{diagnostics.length} {diagnostics.length === 1 ? 'problem' : 'problems'}</Button>
      <Dialog title="Problems" isOpen={isOpen} onClose={() => setOpen(false)} wide>
        <ul className="problems">{diagnostics.map((d, i) => (
          <li key={i}><button onClick={() => { setOpen(false); document.open(d.path); setTimeout(() => document.goTo(d.offset)) }}>
            <span className={'state ' + (d.severity === 'error' ? 'error' : 'warn')}><CircleAlert size={14} aria-hidden />{d.severity === 'error' ? 'Error' : d.severity === 'warning' ? 'Warning' : 'Hint'}</span>
            <span className="grow">{d.message}{d.hint && <><br /><span className="quiet-text">{d.hint}</span></>}</span>
            <code className="quiet-text">{d.path}:{d.line} {d.code}</code>
          </button></li>
        ))}</ul>
      </Dialog>
    </>
  )
}
