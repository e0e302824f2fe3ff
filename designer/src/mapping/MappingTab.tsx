import '../styles/mapping.css'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight, CircleAlert, CircleCheck, ClipboardPaste, Plus, Shuffle, Sparkles } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useDocument, useDocumentState } from '../document/context'
import type { CodeLineHandle } from '../design/ExpressionField'
import { useSystemTitle } from '../flow/systems'
import { counted, type FlowStep } from '../flow/model'
import { fieldsOf, scopeAt } from '../flow/scope'
import { flowRoute } from '../frame/routes'
import { Button, Choose, Dialog, LiveField, SearchBox, Segments } from '../kit/controls'
import { Empty, SkeletonTable } from '../kit/states'
import { ago } from '../kit/time'
import { join } from '../text/moves'
import type { Value } from '../text/values'
import { CheckSamples } from './CheckSamples'
import { ExpressionBar } from './ExpressionBar'
import { LinesLayer, mappedOutside, rowOf, type Geometry } from './LinesLayer'
import { clearField, moveField, requireField, setField } from './mappingEdits'
import { mapper as mapperKeys } from '../commands/keys'
import { here, useOffer } from '../commands/offers'
import { singleKeys } from '../commands/singleKeys'
import { expressionFor, fits, sourceRows, suggest, targetsOf, type Suggestion, type Target } from './model'
import { useRecorded } from './recorded'
import { useSamples } from './samples'
import { waitingFor } from './waiting'
import { OrgBar } from './OrgBar'
import { SourcePicker } from './SourcePicker'
import { sourceRowHeight, SourceTree } from './SourceTree'
import { TargetTable } from './TargetTable'
import { usePreview, type PreviewOfLine } from './usePreview'
import { inOrg } from '../flow/orgFields'
import { useOrg, useOrgOf } from './useOrg'
import { useWindow } from './useWindow'

const maps = (step: FlowStep) => ['upsert', 'create', 'update', 'map', 'sync'].includes(step.activity?.key ?? '')

export function MappingTab() {
  const model = useDocumentState(s => s.model)
  const selected = useDocumentState(s => s.selected)
  const steps = model?.all.filter(maps) ?? []
  const step = steps.find(s => s.key === selected) ?? steps.find(s => s.activity?.key === 'upsert') ?? steps[0]
  if (!model || !step) return <main className="page"><Empty icon={Shuffle}>No step of this flow sets fields. Add one that creates, updates or computes, and map its fields here.</Empty></main>
  return <Mapper key={step.key} step={step} steps={steps} />
}

function Mapper({ step, steps }: { step: FlowStep; steps: FlowStep[] }) {
  const systemTitle = useSystemTitle()
  const document = useDocument()
  const model = useDocumentState(s => s.model)!
  const broken = useDocumentState(s => s.broken)
  const navigate = useNavigate()
  const { id } = flowRoute.useParams()
  const isMap = step.activity?.key === 'map'
  const structure = JSON.stringify([model.connections, model.value.requires, model.value.input, model.value.parameters, model.triggers.map(t => t.raw), model.all.map(s => [s.key, s.id, s.target, s.activity?.key === 'map' ? Object.keys((s.raw.map ?? {}) as object) : 0])])
  const orgOf = useOrgOf(model)
  const scope = useQuery({ queryKey: ['scope', step.key, structure, orgOf.key], queryFn: () => scopeAt(model, step.key, orgOf.of), placeholderData: before => before })
  const fields = useQuery({ queryKey: ['targets', step.target, structure], queryFn: () => (step.target ? fieldsOf(model, step.target) : Promise.resolve([])), placeholderData: before => before })
  const org = useOrg(model, step)
  const { run } = flowRoute.useSearch()
  const checked = useDocumentState(s => s.flows.find(f => f.id === s.model?.id))
  const { samples, add, addById, source, deployments, problem: sampleProblem } = useSamples(model.id, checked, run)
  const [sampleId, setSampleId] = useState<string | null>(null)
  const sample = useRecorded(samples.find(s => s.id === sampleId) ?? samples[0] ?? null, model, step, deployments)
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(['input', 'input.address']))
  const [sourceSearch, setSourceSearch] = useState('')
  const [targetSearch, setTargetSearch] = useState('')
  const [show, setShow] = useState<'all' | 'mapped' | 'required'>('all')
  const [sourceAt, setSourceAt] = useState(0)
  const [targetName, setTargetName] = useState<string | null>(null)
  const [carrying, setCarrying] = useState<string | null>(null)
  const [rubber, setRubber] = useState<{ x: number; y: number; toX: number; toY: number } | null>(null)
  const [typing, setTyping] = useState<{ name: string; value: Value } | null>(null)
  const [choosing, setChoosing] = useState(false)
  const [pasting, setPasting] = useState<string | null>(null)
  const [recordId, setRecordId] = useState('')
  const [pasteError, setPasteError] = useState<string | null>(null)
  const [suggestions, setSuggestions] = useState<Suggestion[]>([])
  const [checking, setChecking] = useState(false)
  const [adding, setAdding] = useState(false)
  const [said, say] = useState('')
  const handle = useRef<CodeLineHandle | null>(null)
  const frame = useRef<HTMLDivElement>(null)

  const sources = scope.data ?? []
  const rows = useMemo(() => sourceRows(sources, sample?.data ?? null, opened, sourceSearch), [sources, sample, opened, sourceSearch])
  const allRows = useMemo(() => sourceRows(sources, sample?.data ?? null, everyFold(sources, sample?.data ?? null), ''), [sources, sample])
  const known = useMemo(() => inOrg(fields.data ?? [], isMap ? undefined : org.entity), [fields.data, org.entity, isMap])
  const targets = useMemo(() => targetsOf(step, known.fields, known.absent), [step, known])
  const shown = targets.filter(t => (show === 'all' || (show === 'mapped' ? t.group !== null : t.required)) && (targetSearch === '' || `${t.title} ${t.name}`.toLowerCase().includes(targetSearch.toLowerCase())))
  const mapped = targets.filter(t => t.group !== null)
  const missing = targets.filter(t => t.required && t.group === null)
  const targetAt = Math.max(0, shown.findIndex(t => t.name === targetName))
  const target = shown[targetAt]
  const left = useWindow(rows.length, sourceRowHeight)
  const right = useWindow(shown.length, 46)

  const lines = useMemo(() => mapped.map((t): PreviewOfLine => ({ name: t.name, value: typing?.name === t.name ? typing.value : t.value! })).concat(typing && !mapped.some(t => t.name === typing.name) ? [typing] : []), [mapped, typing])
  const waiting = useMemo(() => waitingFor(lines, sample?.data ?? null, sources, isMap ? step.id : null), [lines, sample, sources, isMap, step.id])
  const preview = usePreview(step, lines.filter(l => !waiting.has(l.name)), sample, org.entity ? org.connection : null)
  const geometry = useGeometry(frame, left.box, right.box)

  const byPath = useMemo(() => new Map(rows.map((row, i) => [row.path, i])), [rows])
  const used = useMemo(() => new Set(targets.flatMap(t => t.reads).map(path => { const at = rowOf(byPath, path); return at ? rows[at.at]!.path : path })), [targets, byPath, rows])
  const currentSource = rows[Math.min(sourceAt, rows.length - 1)]
  const [sourceChosen, setSourceChosen] = useState(false)
  const strongTargets = useMemo(() => new Set(sourceChosen && currentSource ? targets.filter(t => t.reads.some(p => p === currentSource.path || p.startsWith(currentSource.path + '.'))).map(t => t.name) : []), [targets, currentSource, sourceChosen])
  const strongSources = useMemo(() => new Set((target?.reads ?? []).map(path => { const at = rowOf(byPath, path); return at ? rows[at.at]!.path : path })), [target, byPath, rows])
  const outside = mappedOutside(targets, byPath, left.window)

  function selectTarget(index: number, byKey: boolean) {
    const next = shown[index]
    if (!next) return
    setTargetName(next.name)
    setTyping(null)
    setSourceChosen(false)
    right.reveal(index)
    const first = next.reads[0]
    if (first) { const at = rowOf(byPath, first); if (at) left.reveal(at.at) }
    if (byKey) focusRow(right.box.current, 'target-' + index)
  }

  function focusSource(index: number) {
    const inside = left.box.current?.contains(window.document.activeElement) === true
    setSourceAt(index)
    setSourceChosen(true)
    left.reveal(index)
    if (inside) focusRow(left.box.current, 'source-' + index)
  }

  const change = (t: Target, value: Value, reads: string[] = []) => {
    setTyping(null)
    // One undo step: the line, and what it asks of an org.
    return document.edit(text => {
      const asked = [...(t.field && known.own.has(t.name) ? [{ target: step.target!, field: t.field }] : []), ...reads.flatMap(path => { const own = allRows.find(row => row.path === path)?.own; return own ? [{ target: own.ownOf!, field: own }] : [] })]
      return asked.reduce((edit, { target, field }) => join(edit, requireField(text, target, field)), setField(text, step, t, value))
    }, 'input.mapping')
  }

  function drop(path: string, t: Target, insert: boolean) {
    setCarrying(null)
    if (t.readOnly) { say(`${t.title} is read only.`); return }
    const code = expressionFor(allRows, path)
    setTargetName(t.name)
    if (insert && handle.current && target?.name === t.name) handle.current.insert(code)
    else if (change(t, '=' + code, [path])) say(`${path} mapped to ${t.title}.`)
  }

  function pickUp(path: string) {
    setCarrying(path)
    say(`Carrying ${path}. Choose a field with the arrow keys, Enter drops, Escape cancels.`)
    const at = Math.max(0, targetAt)
    right.reveal(at)
    focusRow(right.box.current, 'target-' + at)
  }

  function onTargetKey(key: string, byName = false): boolean {
    if (!target || (/^[a-z]$/i.test(key) && !byName && !singleKeys.on())) return false
    const problem = (t: Target) => { const r = preview.results.get(t.name); return (t.required && t.group === null) || !!r?.error || !!r?.findings.some(f => f.severity !== 'info') }
    switch (key) {
      case 'Enter': if (carrying) drop(carrying, target, false); else handle.current?.focus(); return true
      case 'Escape': if (!carrying) return false; setCarrying(null); say('Nothing was mapped.'); return true
      case 'Delete': case 'Backspace': if (target.group !== null) document.edit(text => clearField(text, step, target), 'delete.mapping'); return true
      case 'm': case 'M': if (!target.readOnly) setChoosing(true); return true
      case 'n': case 'N': case 'p': case 'P': {
        const by = key.toLowerCase() === 'n' ? 1 : -1
        for (let i = targetAt + by; i >= 0 && i < shown.length; i += by) if (problem(shown[i]!)) { selectTarget(i, true); return true }
        say('No further problem.')
        return true
      }
      default: return false
    }
  }

  const findSuggestions = () => { const found = suggest(targets, allRows); setSuggestions(found); say(found.length === 0 ? 'No suggestion.' : counted(found.length, 'suggestion')) }
  useOffer({ title: here, keys: mapperKeys, commands: [
    ...(target ? [
      { id: 'next', title: 'Next problem', keys: 'N', run: () => void onTargetKey('n', true) }, { id: 'previous', title: 'Previous problem', keys: 'P', run: () => void onTargetKey('p', true) },
      ...(target.readOnly ? [] : [{ id: 'choose', title: 'Choose a source', about: target.title, keys: 'M', run: () => setChoosing(true) }]),
      ...(target.group !== null ? [{ id: 'clear', title: 'Clear the field', about: target.title, keys: 'Delete', run: () => void onTargetKey('Delete', true) }] : []),
    ] : []),
    isMap ? { id: 'add', title: 'Add a value', run: () => setAdding(true) } : { id: 'suggest', title: 'Suggest sources', run: findSuggestions },
    ...(samples.length > 0 && lines.length > 0 ? [{ id: 'check', title: `Check all ${counted(samples.length, 'sample')}`, run: () => setChecking(true) }] : []),
    { id: 'record', title: source ? 'Another record as sample' : 'Paste a record as sample', run: () => setPasting('') },
    ...steps.filter(s => s !== step).map(s => ({ id: s.key, title: `Map ${s.title}`, about: s.subtitle, run: () => chooseStep(s.key) })),
  ] })
  function chooseStep(key: string) {
    document.select(key)
    void navigate({ to: '/flows/$id', params: { id }, search: { tab: 'mapping', file: document.store.getState().path, step: key, run } })
  }

  function startDrag(path: string, e: PointerEvent) {
    const box = frame.current!.getBoundingClientRect()
    const at = (e.currentTarget as HTMLElement).getBoundingClientRect()
    const start = { x: at.left + at.width / 2 - box.left, y: at.top + at.height / 2 - box.top }
    setCarrying(path)
    const move = (m: globalThis.PointerEvent) => {
      setRubber({ ...start, toX: m.clientX - box.left, toY: m.clientY - box.top })
      const over = window.document.elementFromPoint(m.clientX, m.clientY)?.closest<HTMLElement>('[data-target]')
      frame.current?.querySelectorAll('.over').forEach(x => x.classList.remove('over'))
      over?.classList.add('over')
      const scroll = right.box.current
      if (scroll) { const r = scroll.getBoundingClientRect(); if (m.clientX > r.left) { if (m.clientY > r.bottom - 28) scroll.scrollTop += 14; else if (m.clientY < r.top + 28) scroll.scrollTop -= 14 } }
    }
    const end = (up: globalThis.PointerEvent) => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', end)
      window.removeEventListener('keydown', escape)
      frame.current?.querySelectorAll('.over').forEach(x => x.classList.remove('over'))
      setRubber(null)
      const name = window.document.elementFromPoint(up.clientX, up.clientY)?.closest<HTMLElement>('[data-target]')?.dataset.target
      const t = targets.find(x => x.name === name)
      if (t) drop(path, t, up.altKey)
      else setCarrying(null)
    }
    const escape = (k: globalThis.KeyboardEvent) => { if (k.key === 'Escape') end(new window.PointerEvent('pointerup', { clientX: -1, clientY: -1 })) }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', end)
    window.addEventListener('keydown', escape)
  }

  const carried = carrying ? allRows.find(row => row.path === carrying) : undefined
  const sampleAt = samples.findIndex(s => s.id === sample?.id)
  const toggle = (path: string) => setOpened(now => { const next = new Set(now); if (!next.delete(path)) next.add(path); return next })
  const accept = (s: Suggestion) => { const t = targets.find(x => x.name === s.target); if (t) change(t, '=' + expressionFor(allRows, s.path), [s.path]); setSuggestions(now => now.filter(x => x !== s)) }

  return (
    <main className="mapper" onKeyDown={(e: KeyboardEvent) => { if (e.key === 'Escape' && carrying) { setCarrying(null); say('Nothing was mapped.') } }}>
      <div className="subbar mapper-bar">
        <Choose label="Step" hideLabel value={step.key} onChange={chooseStep} choices={steps.map(s => ({ id: s.key, label: s.id ? `${s.title} (${s.activity?.verb.toLowerCase()} ${s.target ? s.target.slice(s.target.indexOf('/') + 1) : ''})`.replace(/ \)/, ')') : s.title }))} />
        <span className="grow" />
        {samples.length === 0 ? <span className="quiet-text">No sample yet: types are shown, not values</span> : <>
          <span className="quiet-text">Preview with</span>
          <Button look="quiet" size="small" icon tip="Previous sample" isDisabled={sampleAt <= 0} onPress={() => setSampleId(samples[sampleAt - 1]!.id)}><ChevronLeft size={15} /></Button>
          <Choose label="Sample" hideLabel value={sample!.id} onChange={setSampleId} choices={samples.map(s => ({ id: s.id, label: s.label, help: ago(s.at) }))} />
          <Button look="quiet" size="small" icon tip="Next sample" isDisabled={sampleAt >= samples.length - 1} onPress={() => setSampleId(samples[sampleAt + 1]!.id)}><ChevronRight size={15} /></Button>
          <Button size="small" onPress={() => setChecking(true)} isDisabled={lines.length === 0}>Check all {samples.length}</Button>
        </>}
        <Button size="small" onPress={() => setPasting('')}><ClipboardPaste size={14} aria-hidden />{source ? 'Another record' : 'Paste a record'}</Button>
        <span className="grow" />
        {!isMap && (missing.length > 0 ? <span className="state warn"><CircleAlert size={14} aria-hidden />{counted(missing.length, 'required field')} not mapped</span> : <span className="state ok"><CircleCheck size={14} aria-hidden />All required fields mapped</span>)}
        {!isMap && <Button size="small" onPress={findSuggestions}><Sparkles size={14} aria-hidden />Suggest</Button>}
        {isMap && <Button size="small" onPress={() => setAdding(true)}><Plus size={14} aria-hidden />Add a value</Button>}
      </div>
      {broken && <div className="bar warn">The YAML has a mistake. This is the last flow that could be read.</div>}
      {sampleProblem && <div className="bar warn">The record of the run cannot be read: {sampleProblem.message}</div>}
      {preview.problem && sample && <div className="bar warn">No preview: {preview.problem}</div>}
      {suggestions.length > 0 && <div className="bar suggestions" role="status"><Sparkles size={15} aria-hidden /><span className="grow cut">{suggestions.slice(0, 3).map(s => `${s.path} → ${s.target} (${s.reason})`).join(', ')}{suggestions.length > 3 && ` and ${suggestions.length - 3} more`}</span>
        <Button size="small" onPress={() => accept(suggestions[0]!)}>Take {suggestions[0]!.target}</Button><Button size="small" onPress={() => suggestions.forEach(accept)}>Take all {suggestions.length}</Button><Button size="small" look="quiet" onPress={() => setSuggestions([])}>Not now</Button></div>}
      <div className="map-frame" ref={frame}>
        <section className="map-side" aria-label="Source" data-pane='[role="treeitem"][tabindex="0"]'>
          <header><h2>Source</h2><SearchBox label="Search names and values" value={sourceSearch} onChange={setSourceSearch} /></header>
          <SourceTree rows={rows} current={Math.min(sourceAt, rows.length - 1)} used={used} emphasised={strongSources} box={left.box} window={left.window} onFocusRow={focusSource} onToggle={toggle} onPickUp={pickUp} onDrag={startDrag} />
          {scope.isPending && <div className="map-loading"><SkeletonTable rows={8} /></div>}
          {outside.above > 0 && <button type="button" className="outside above" onClick={() => left.reveal(outside.firstAbove)}>{outside.above} mapped above</button>}
          {outside.below > 0 && <button type="button" className="outside below" onClick={() => left.reveal(outside.firstBelow)}>{outside.below} mapped below</button>}
        </section>
        <div className="map-gap" />
        <section className="map-side" aria-label="Target" data-pane='[role="option"][tabindex="0"]'>
          <header><h2 className="cut">{isMap ? step.title : step.target ? `${systemTitle(step.connector ?? '')} ${step.target.slice(step.target.indexOf('/') + 1)}` : step.title}</h2>
            <SearchBox label="Search fields" value={targetSearch} onChange={setTargetSearch} />
            {!isMap && <Segments<'all' | 'mapped' | 'required'> label="Show" value={show} onChange={setShow} choices={[{ id: 'all', label: `All ${targets.length}` }, { id: 'mapped', label: `Mapped ${mapped.length}` }, { id: 'required', label: 'Required' }]} />}
          </header>
          {!isMap && <OrgBar org={org} />}
          <TargetTable label={isMap ? 'Values' : 'Fields'} rows={shown} current={targetAt} results={preview.results} waiting={waiting} carrying={carrying} warns={t => carried !== undefined && !fits(carried.type, t.field?.type)} box={right.box} window={right.window} onSelect={selectTarget} onKey={key => onTargetKey(key)} />
          {shown.length === 0 && <Empty>{targets.length === 0 ? (isMap ? 'No values yet. Add the first.' : 'No fields are known of this record type.') : 'No field fits.'}</Empty>}
        </section>
        {geometry && <LinesLayer targets={shown} sources={rows} sourceWindow={left.window} targetWindow={right.window} geometry={geometry} current={target?.name ?? null} emphasised={strongTargets} suggestions={suggestions} rubber={rubber} />}
      </div>
      {target && <ExpressionBar key={target.name} target={target} step={step} result={preview.results.get(target.name)} waiting={waiting.get(target.name)} handle={handle}
        onType={code => setTyping({ name: target.name, value: code })} onCommit={value => change(target, value)} onClear={() => document.edit(text => clearField(text, step, target), 'delete.mapping')} onMove={group => document.edit(text => moveField(text, step, target, group), 'move.mapping')} sources={allRows} samples={samples} sample={sample?.data ?? null} onChoose={() => setChoosing(true)} />}
      <div className="hidden" role="status" aria-live="assertive">{said}</div>
      {choosing && target && <SourcePicker title={`Source of ${target.title}`} rows={allRows} onClose={() => setChoosing(false)} onPick={path => { setChoosing(false); drop(path, target, false) }} />}
      {pasting !== null && <Dialog title={source ? 'Another record' : 'Paste a record'} isOpen onClose={() => setPasting(null)} foot={<><Button onPress={() => setPasting(null)}>Cancel</Button><Button look="primary" isDisabled={pasting.trim() === ''} onPress={() => { const error = add(pasting); setPasteError(error); if (error === null) { setPasting(null); setSampleId(null) } }}>Use as sample</Button></>}>
        {source && <form className="row" style={{ alignItems: 'end' }} onSubmit={e => { e.preventDefault(); void addById(recordId.trim()).then(error => { setPasteError(error); if (error === null) { setPasting(null); setRecordId(''); setSampleId(null) } }) }}><div className="grow"><LiveField label={`Read one by its id (${source.entity} of ${source.connection})`} value={recordId} onChange={setRecordId} /></div><Button type="submit" isDisabled={recordId.trim() === ''}>Read it</Button></form>}
        <LiveField label="A record in JSON" lines={12} value={pasting} onChange={setPasting} error={pasteError} autoFocus help={<>The record that starts the flow, or what the steps gave too: {'{ "input": { … }, "person": { … } }'}. It stays in this tab.</>} />
      </Dialog>}
      {checking && <CheckSamples step={step} lines={lines} samples={samples} sources={sources} connection={org.entity ? org.connection : null} onClose={() => setChecking(false)} />}
      {adding && <AddValue taken={targets.map(t => t.name)} onClose={() => setAdding(false)} onAdd={name => { setAdding(false); if (document.edit(text => setField(text, step, { name, title: name, field: null, group: null, value: undefined, reads: [], required: false, readOnly: false, unknown: false }, '=null'), 'input.mapping')) setTargetName(name) }} />}
    </main>
  )
}

function AddValue({ taken, onAdd, onClose }: { taken: string[]; onAdd(name: string): void; onClose(): void }) {
  const [name, setName] = useState('')
  const wrong = name === '' ? null : !/^[A-Za-z_]\w*$/.test(name) ? 'Letters, digits and _, not beginning with a digit.' : taken.includes(name) ? 'There is a value of this name.' : null
  return <Dialog title="Add a value" isOpen onClose={onClose} foot={<><Button onPress={onClose}>Cancel</Button><Button look="primary" isDisabled={name === '' || wrong !== null} onPress={() => onAdd(name)}>Add</Button></>}><LiveField label="Name" value={name} onChange={setName} error={wrong} autoFocus help="Later steps read it by this name." /></Dialog>
}

/** The row of a list that is to have the focus next: a key that comes before the next frame takes the place of the one before it. */
const wanted = new WeakMap<HTMLElement, string>()

/** A row that is far away is drawn only when its list has scrolled there; until then the list itself takes the keys. */
function focusRow(list: HTMLElement | null, id: string, frames = 20): void {
  if (!list) return
  wanted.set(list, id)
  if (!window.document.getElementById(id)) list.focus({ preventScroll: true })
  requestAnimationFrame(() => {
    if (wanted.get(list) !== id) return
    const row = window.document.getElementById(id)
    if (row) row.focus({ preventScroll: true })
    else if (frames > 0) focusRow(list, id, frames - 1)
  })
}

/** All folds of the source, as far as a picker needs them. */
function everyFold(sources: Parameters<typeof sourceRows>[0], sample: Record<string, unknown> | null): ReadonlySet<string> {
  const open = new Set<string>()
  for (let depth = 0; depth < 4; depth++) {
    const rows = sourceRows(sources, sample, open, '')
    const before = open.size
    for (const row of rows) if (row.folds && row.depth <= depth) open.add(row.path)
    if (open.size === before || rows.length > 4000) break
  }
  return open
}

function useGeometry(frame: React.RefObject<HTMLDivElement | null>, left: React.RefObject<HTMLDivElement | null>, right: React.RefObject<HTMLDivElement | null>): Geometry | null {
  const [geometry, set] = useState<Geometry | null>(null)
  useEffect(() => {
    const read = () => {
      if (!frame.current || !left.current || !right.current) return
      const [f, l, r] = [frame.current, left.current, right.current].map(x => x.getBoundingClientRect()) as [DOMRect, DOMRect, DOMRect]
      set({ left: l.right - f.left - 13, right: r.left - f.left + 13, top: l.top - f.top, height: l.height, targetTop: r.top - f.top, targetHeight: r.height })
    }
    const size = new ResizeObserver(read)
    if (frame.current) size.observe(frame.current)
    if (left.current) size.observe(left.current)
    if (right.current) size.observe(right.current)
    read()
    return () => size.disconnect()
  }, [frame, left, right])
  return geometry
}

