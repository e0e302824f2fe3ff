import { Background, BackgroundVariant, Controls, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, useStoreApi, ViewportPortal, type Node, type NodeProps } from '@xyflow/react'
import { CircleAlert, CircleCheck, Minus, Plus, Search } from 'lucide-react'
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useDocument, useDocumentState } from '../document/context'
import { counted, keyOf, type FlowModel, type FlowStep } from '../flow/model'
import { card, layOut, type Picture, type Spot } from '../flow/layout'
import { addStep, moveStep, newStep, pasteStep, removeStep } from '../flow/stepEdits'
import { hasCommentAbove, itemText } from '../text/moves'
import { EditRefused } from '../text/tree'
import { flowRoute } from '../frame/routes'
import { Button, Dialog } from '../kit/controls'
import { Empty } from '../kit/states'
import { canvas as canvasKeys } from '../commands/keys'
import { useOffer } from '../commands/offers'
import { singleKeys } from '../commands/singleKeys'
import { CardMenu, cardActions, type CardAction } from './CardMenu'
import { FindStep } from './FindStep'
import { OverlayBar } from './OverlayBar'
import { useDeploymentsOf, useOverlay, type StepState, type States } from './overlay'
import { StepPicker } from './StepPicker'
import { StepTile } from './StepTile'

interface CardData extends Record<string, unknown> { key: string; title: string; subtitle: string; activity: string; connector: string | null; problems: number; conditional: boolean; handles: boolean; lanes: number; collapsed: boolean; label: string; movable: boolean; state: StepState | undefined }
interface SpotData extends Record<string, unknown> { spot: Spot }

/** What was cut or copied last: kept over the flows of this tab. */
let clipboard: string | null = null

export function Canvas({ tools }: { tools?: ReactNode }) {
  return <ReactFlowProvider><CanvasInside tools={tools} /></ReactFlowProvider>
}

function CanvasInside({ tools }: { tools?: ReactNode }) {
  const document = useDocument()
  const model = useDocumentState(s => s.model)
  const broken = useDocumentState(s => s.broken)
  const diagnostics = useDocumentState(s => s.diagnostics)
  const path = useDocumentState(s => s.path)
  const selected = useDocumentState(s => s.selected)
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [adding, setAdding] = useState<Spot | null>(null)
  const [finding, setFinding] = useState(false)
  const [menu, setMenu] = useState<{ key: string; x: number; y: number } | null>(null)
  const [deleting, setDeleting] = useState<{ step: FlowStep; cut: boolean } | null>(null)
  const flow = useReactFlow()
  const store = useStoreApi()
  const box = useRef<HTMLDivElement>(null)
  const { run } = flowRoute.useSearch()
  const deployments = useDeploymentsOf(model?.id ?? '')
  const [recent, setRecent] = useState(localStorage.getItem('designer.overlay') === 'on')
  const [chosen, setChosen] = useState<string | undefined>()
  const showRecent = (on: boolean) => { localStorage.setItem('designer.overlay', on ? 'on' : 'off'); setRecent(on) }
  const deployment = chosen ?? deployments[0]?.name
  const overlay = useOverlay(run, recent, deployment)
  const extra = overlay.states ? 28 : 0
  const picture = useMemo(() => (model ? layOut(model, collapsed, extra) : undefined), [model, collapsed, extra])
  const counts = useMemo(() => (model ? problemsOf(model, diagnostics.filter(d => d.path === path)) : new Map<string, number>()), [model, diagnostics, path])
  const nodes = useMemo(() => (model && picture ? nodesOf(model, picture, counts, collapsed, overlay.states, extra) : []), [model, picture, counts, collapsed, overlay.states, extra])

  const focusCard = (key: string) => box.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
  const show = (key: string) => {
    const at = picture?.steps.get(key)
    if (!at) return
    const { transform: [tx, ty, zoom], width, height } = store.getState()
    const left = at.x * zoom + tx
    const top = at.y * zoom + ty
    if (left < 8 || top < 8 || left + card.width * zoom > width - 8 || top + card.height * zoom > height - 8) void flow.setCenter(at.x + card.width / 2, at.y + card.height / 2, { zoom, duration: 120 })
  }
  const visible = selected !== null && picture?.steps.has(selected) === true
  // A step that is chosen is seen: what hides it opens.
  useEffect(() => { if (selected && [...collapsed].some(key => selected.startsWith(key + '/'))) setCollapsed(new Set([...collapsed].filter(key => !selected.startsWith(key + '/')))) }, [selected])
  useEffect(() => { if (selected) show(selected) }, [selected, visible])
  useEffect(() => {
    if (!picture || !model) return
    const frame = requestAnimationFrame(() => {
      const chosen = document.store.getState().selected
      const first = chosen ?? model.triggers[0]?.key ?? model.all[0]?.key
      const at = first ? picture.steps.get(first) : undefined
      if (chosen && at) void flow.setCenter(at.x + card.width / 2, at.y + card.height / 2, { zoom: 0.8 })
      else if (model.all.length > 14 && at) void flow.setCenter(at.x + card.width / 2, at.y + store.getState().height / 0.8 / 2 - 40, { zoom: 0.8 })
      else void flow.fitView({ padding: 0.12, maxZoom: 1 })
    })
    return () => cancelAnimationFrame(frame)
    // Only when another file is opened: an edit moves nothing on the screen.
  }, [path])

  const step = (key: string | null) => model?.all.find(s => s.key === key)
  useOffer({
    title: 'Canvas', keys: [canvasKeys],
    commands: model && picture ? [
      { id: 'find', title: 'Find a step', keys: '/', run: () => setFinding(true) },
      ...(selected ? cardActions.filter(a => step(selected) ? (a.id !== 'collapse' || step(selected)!.lanes.length > 0) && (a.id !== 'paste' || clipboard !== null) : !a.step).map(a => ({ id: a.id, title: a.label, about: step(selected)?.title, keys: a.keys || undefined, run: () => act(a.id, selected) })) : []),
      ...(deployments.length > 0 ? [{ id: 'overlay', title: recent ? 'Hide the last 24 hours' : 'Show the last 24 hours', run: () => showRecent(!recent) }] : []),
    ] : [],
  })

  if (!model || !picture) return <div className="canvas empty-canvas"><Empty>The YAML of this file cannot be read. Mend it in the text, and the flow appears here.</Empty></div>

  const listOf = (s: FlowStep) => ({ list: s.path.slice(0, -1), index: s.path[s.path.length - 1] as number })
  const select = (key: string) => { document.select(key); requestAnimationFrame(() => focusCard(key)) }

  function act(action: CardAction, key: string): void {
    const s = step(key)
    // Settings of a step that was only just selected are not there yet.
    if (action === 'settings') { requestAnimationFrame(() => box.current?.closest('main')?.querySelector<HTMLElement>('.settings input, .settings button')?.focus()); return }
    if (!s) { if (action === 'add-after') setAdding({ key: 'steps@0', path: ['steps'], index: 0, x: 0, y: 0, label: 'Add a step at the start of the flow' }); return }
    if (broken) return
    const { list, index } = listOf(s)
    const text = document.store.getState().text
    switch (action) {
      case 'add-after': setAdding({ key: '', path: list, index: index + 1, x: 0, y: 0, label: `Add a step after ${s.title}` }); break
      case 'add-before': setAdding({ key: '', path: list, index, x: 0, y: 0, label: `Add a step before ${s.title}` }); break
      case 'copy': case 'cut': case 'duplicate':
        try {
          const copied = itemText(text, s.path)
          if (action === 'duplicate') { if (document.edit(t => pasteStep(t, model!, list, index + 1, copied), 'input.paste')) select(keyOf([...list, index + 1])) }
          else { clipboard = copied; void navigator.clipboard?.writeText(copied).catch(() => undefined); if (action === 'cut') document.edit(t => removeStep(t, s.path, true), 'delete.cut') }
        } catch (e) {
          if (!(e instanceof EditRefused)) throw e
          document.edit(() => { throw e })
        }
        break
      case 'paste': if (clipboard && document.edit(t => pasteStep(t, model!, list, index + 1, clipboard!), 'input.paste')) select(keyOf([...list, index + 1])); break
      case 'up': if (index > 0 && document.edit(t => moveStep(t, s.path, list, index - 1), 'move')) select(keyOf([...list, index - 1])); break
      case 'down': if (document.edit(t => moveStep(t, s.path, list, index + 2), 'move')) select(keyOf([...list, Math.min(index + 1, index + 1)])); break
      case 'collapse': if (selected?.startsWith(key + '/')) document.select(key); setCollapsed(now => { const next = new Set(now); if (!next.delete(key)) next.add(key); return next }); break
      case 'delete': {
        let comment = false
        try { comment = hasCommentAbove(text, s.path) } catch (e) { if (!(e instanceof EditRefused)) throw e }
        if (comment || s.lanes.some(l => l.steps.length > 0)) setDeleting({ step: s, cut: false })
        else remove(s, false)
      }
    }
  }

  function remove(s: FlowStep, withComment: boolean): void {
    const { list, index } = listOf(s)
    if (document.edit(t => removeStep(t, s.path, withComment), 'delete')) {
      const next = document.store.getState().model?.all.find(x => x.key === keyOf([...list, Math.max(0, index - 1)]))
      document.store.setState({ selected: null })
      if (next) select(next.key)
    }
    setDeleting(null)
  }

  function keys(e: KeyboardEvent): void {
    if ((e.target as HTMLElement).closest('[role=menu], [role=dialog], input')) return
    const key = (e.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key ?? selected
    const command = e.ctrlKey || e.metaKey
    const done = () => { e.preventDefault(); e.stopPropagation() }
    if (!command && /^[a-z/]$/i.test(e.key) && !singleKeys.on()) return
    if (e.key === '/' && !command) { done(); setFinding(true); return }
    if (!key) return
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) { done(); act(e.key === 'ArrowUp' ? 'up' : 'down', key); return }
    if (e.key.startsWith('Arrow') && !command) { done(); const to = nearest(picture!, key, e.key); if (to) select(to); return }
    const action: CardAction | undefined = command
      ? ({ c: 'copy', x: 'cut', v: 'paste', d: 'duplicate' } as Record<string, CardAction>)[e.key.toLowerCase()]
      : ({ Delete: 'delete', a: 'add-after', A: 'add-before', Enter: 'settings' } as Record<string, CardAction>)[e.key]
    if (action) { done(); if (action === 'settings') document.select(key); act(action, key) }
    else if (e.key === 'Home' || e.key === 'End') { done(); const all = [...model!.triggers.map(t => t.key), ...model!.all.map(s => s.key)].filter(k => picture!.steps.has(k)); const to = e.key === 'Home' ? all[0] : all[all.length - 1]; if (to) select(to) }
    else if (e.key === 'F10' && e.shiftKey || e.key === 'ContextMenu') { done(); const at = (e.target as HTMLElement).getBoundingClientRect(); setMenu({ key, x: at.left + 40, y: at.top + 30 }) }
    else if (e.key === 'Escape') document.select(null)
  }

  return (
    <section className="canvas-pane" aria-label="Steps" data-pane='[data-key][tabindex="0"]'>
      <div className="subbar">
        <span className="quiet-text">{counted(model.all.length, 'step')}</span>
        <OverlayBar deployments={deployments} deployment={deployment} recent={recent} onRecent={showRecent} onDeployment={setChosen} detail={overlay.detail} counts={overlay.counts} error={overlay.error} />
        <span className="grow" />
        <Button look="quiet" size="small" onPress={() => setFinding(true)}><Search size={14} aria-hidden />Find a step<kbd>/</kbd></Button>
        {tools}
      </div>
      <div className="canvas" ref={box} onKeyDown={keys}
        onContextMenu={e => { const key = (e.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key; if (key) { e.preventDefault(); document.select(key); setMenu({ key, x: e.clientX, y: e.clientY }) } }}
        onClick={e => { const hit = (e.target as HTMLElement).closest<HTMLElement>('[data-key], [data-spot], [data-fold]'); if (!hit || broken && hit.dataset.spot) return; if (hit.dataset.fold) act('collapse', hit.dataset.fold); else if (hit.dataset.spot) setAdding(picture.spots.find(s => s.key === hit.dataset.spot) ?? null); else document.select(hit.dataset.key!) }}
        onDragStart={e => { const key = (e.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key; if (key && step(key)) { e.dataTransfer.setData('text/step', key); e.dataTransfer.effectAllowed = 'move'; box.current?.classList.add('dragging') } }}
        onDragEnd={() => box.current?.classList.remove('dragging')}
        onDragOver={e => { if ((e.target as HTMLElement).closest('[data-spot]')) e.preventDefault() }}
        onDrop={e => {
          const spot = picture.spots.find(s => s.key === (e.target as HTMLElement).closest<HTMLElement>('[data-spot]')?.dataset.spot)
          const s = step(e.dataTransfer.getData('text/step'))
          box.current?.classList.remove('dragging')
          if (spot && s) document.edit(t => moveStep(t, s.path, spot.path, spot.index), 'move')
        }}>
        {broken && <div className="canvas-note">The YAML has a mistake. This is the last flow that could be read; it cannot be changed here until the text is mended.</div>}
        <ReactFlow nodes={nodes} edges={[]} nodeTypes={nodeTypes} nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} elementsSelectable={false} minZoom={0.2} maxZoom={1.5} panOnScroll zoomOnDoubleClick={false} onlyRenderVisibleElements={model.all.length > 80} disableKeyboardA11y proOptions={{ hideAttribution: false }} deleteKeyCode={null}>
          <Background variant={BackgroundVariant.Dots} gap={22} size={1} />
          <Controls showInteractive={false} />
          {model.all.length > 14 && <MiniMap pannable zoomable nodeClassName={n => (n.type === 'spot' ? 'mini-spot' : '')} ariaLabel="Overview" />}
          <ViewportPortal><Lines picture={picture} /></ViewportPortal>
        </ReactFlow>
      </div>
      {adding && <StepPicker place={adding.label} onClose={() => setAdding(null)} onPick={picked => {
        const step = newStep(model, picked.activity, picked.target, adding.path.includes('do') ? 'loop' : 'list')
        if (document.edit(t => addStep(t, adding.path, adding.index, step), 'input.step')) select(keyOf([...adding.path, adding.index]))
        setAdding(null)
      }} />}
      {finding && <FindStep model={model} onClose={() => setFinding(false)} onPick={key => { setFinding(false); select(key) }} />}
      {menu && <CardMenu at={menu} isStep={step(menu.key) !== undefined} canPaste={clipboard !== null} hasLanes={(step(menu.key)?.lanes.length ?? 0) > 0} onClose={() => { const key = menu.key; setMenu(null); requestAnimationFrame(() => focusCard(key)) }} onAction={action => act(action, menu.key)} />}
      {deleting && <Dialog title={`Delete ${deleting.step.title}?`} isOpen onClose={() => setDeleting(null)} foot={<>
        <Button onPress={() => setDeleting(null)}>Cancel</Button><Button onPress={() => remove(deleting.step, false)}>Delete, keep comments above</Button><Button look="danger" onPress={() => remove(deleting.step, true)}>Delete</Button></>}>
        <p>{deleting.step.lanes.some(l => l.steps.length > 0) ? `The steps inside it go too: ${counted(model.all.filter(s => s.key.startsWith(deleting.step.key + '/')).length, 'step')}.` : 'A comment stands above it in the file.'} You can undo this.</p>
      </Dialog>}
    </section>
  )
}

const Lines = memo(function Lines({ picture }: { picture: Picture }) {
  return (
    <>
      {picture.frames.map(f => <div key={f.key} className="loop-frame" style={{ transform: `translate(${f.x}px, ${f.y}px)`, width: f.width, height: f.height }} />)}
      <svg className="flow-lines" aria-hidden><g>{picture.lines.map(l => <path key={l.key} d={l.d} />)}</g></svg>
      {picture.labels.map(l => <div key={l.key} className="lane-label" title={l.title} style={{ transform: `translate(${l.x}px, ${l.y}px) translate(-50%, -50%)` }}>{l.text}</div>)}
    </>
  )
})

const CardNode = memo(function CardNode({ data }: NodeProps<Node<CardData>>) {
  const selected = useDocumentState(s => s.selected === data.key)
  const nothing = useDocumentState(s => s.selected === null)
  const first = useDocumentState(s => (s.model?.triggers[0]?.key ?? s.model?.all[0]?.key) === data.key)
  return (
    <div className={'card nopan' + (selected ? ' selected' : '') + (data.problems > 0 ? ' bad' : '') + (data.state?.faded ? ' faded' : '')} style={{ width: card.width }}>
      <button type="button" className="card-main" data-key={data.key} aria-label={data.label} aria-pressed={selected} tabIndex={selected || (nothing && first) ? 0 : -1} draggable={data.movable} style={{ height: card.height - 2 }}>
        <StepTile activity={data.activity} connector={data.connector} />
        <span className="card-text"><b className="cut">{data.title}</b><small className="cut">{data.subtitle}</small></span>
        {(data.conditional || data.handles) && <span className="card-marks">{data.conditional && <span className="chip" title="Only if a condition holds">if</span>}{data.handles && <span className="chip" title="Has its own error handling">on error</span>}</span>}
        {data.problems > 0 && <span className="card-bad" title={counted(data.problems, 'problem')}>{data.problems}</span>}
      </button>
      {data.state && <div className={'card-state ' + (data.state.look === 'quiet' ? 'quiet-text' : data.state.look)}>{data.state.look === 'ok' ? <CircleCheck size={12} aria-hidden /> : data.state.look === 'error' ? <CircleAlert size={12} aria-hidden /> : data.state.word ? <Minus size={12} aria-hidden /> : null}<span className="cut grow">{data.state.word}</span><span className="quiet-text">{data.state.more}</span></div>}
      {data.lanes > 0 && <button type="button" className="card-fold" data-fold={data.key} tabIndex={-1} aria-label={data.collapsed ? `Show the steps of ${data.title}` : `Hide the steps of ${data.title}`}>{data.collapsed ? `+ ${data.lanes}` : '–'}</button>}
    </div>
  )
})

const SpotNode = memo(function SpotNode({ data }: NodeProps<Node<SpotData>>) {
  return <button type="button" className="spot nopan" data-spot={data.spot.key} aria-label={data.spot.label} title={data.spot.label}><Plus size={14} aria-hidden /></button>
})

const nodeTypes = { card: CardNode, spot: SpotNode }

const spoken = (state: StepState | undefined) => (state?.word ? `. ${state.word}${state.more && ', ' + state.more}` : '')

/** In the order of the file, so that Tab goes through a flow as one reads it. */
function nodesOf(model: FlowModel, picture: Picture, problems: ReadonlyMap<string, number>, collapsed: ReadonlySet<string>, states: States | null, extra: number): Node[] {
  const nodes: Node[] = []
  const spots = new Map(picture.spots.map(s => [s.key, s]))
  const place = (key: string, data: CardData) => { const at = picture.steps.get(key); if (at) nodes.push({ id: key, type: 'card', position: at, width: card.width, height: card.height + extra, data }) }
  const spot = (key: string) => { const s = spots.get(key); if (s) nodes.push({ id: 'spot:' + key, type: 'spot', position: { x: s.x - 12, y: s.y - 12 }, width: 24, height: 24, data: { spot: s } }) }
  for (const t of model.triggers) place(t.key, { key: t.key, title: t.title, subtitle: t.subtitle, activity: t.kind, connector: t.connector, problems: problems.get(t.key) ?? 0, conditional: t.raw.filter !== undefined, handles: false, lanes: 0, collapsed: false, label: `Trigger: ${t.title}. ${t.subtitle}` + spoken(states?.get(t.key)), movable: false, state: states?.get(t.key) })
  const walk = (steps: FlowStep[], list: string, where: string) => {
    spot(list + '@0')
    steps.forEach((s, i) => {
      const inside = model.all.filter(x => x.key.startsWith(s.key + '/')).length
      place(s.key, {
        key: s.key, title: s.title, subtitle: s.subtitle, activity: s.activity?.key ?? 'unknown', connector: s.connector, problems: problems.get(s.key) ?? 0, conditional: s.raw.if !== undefined, handles: Array.isArray(s.raw.onError), lanes: s.lanes.length > 0 ? inside : 0,
        collapsed: collapsed.has(s.key), label: `${where}${i + 1} of ${steps.length}: ${s.title}. ${s.subtitle}` + spoken(states?.get(s.key)), movable: true, state: states?.get(s.key),
      })
      if (!collapsed.has(s.key)) for (const lane of s.lanes) walk(lane.steps, keyOf(lane.path), `${lane.label}, step `)
      spot(`${list}@${i + 1}`)
    })
  }
  walk(model.steps, 'steps', 'Step ')
  return nodes
}

/** A problem belongs to the innermost step around it. */
export function problemsOf(model: FlowModel, diagnostics: { offset: number; severity: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const d of diagnostics.filter(x => x.severity !== 'info')) {
    const at = [...model.all].reverse().find(s => d.offset >= s.from && d.offset <= s.to) ?? model.triggers.find(t => d.offset >= t.from && d.offset <= t.to)
    if (at) counts.set(at.key, (counts.get(at.key) ?? 0) + 1)
  }
  return counts
}

function nearest(picture: Picture, key: string, arrow: string): string | undefined {
  const from = picture.steps.get(key)
  if (!from) return picture.steps.keys().next().value
  let best: string | undefined
  let least = Infinity
  for (const [other, at] of picture.steps) {
    const dx = at.x - from.x
    const dy = at.y - from.y
    const along = arrow === 'ArrowDown' ? dy : arrow === 'ArrowUp' ? -dy : arrow === 'ArrowRight' ? dx : -dx
    const across = Math.abs(arrow === 'ArrowDown' || arrow === 'ArrowUp' ? dx : dy)
    if (along <= 4) continue
    // To the side the step of the next path is meant, not one above it.
    const cost = along + across * (arrow === 'ArrowLeft' || arrow === 'ArrowRight' ? 3 : 1.6)
    if (cost < least) { least = cost; best = other }
  }
  return best
}
