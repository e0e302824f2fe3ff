import { useEffect, useMemo, useRef } from 'react'
import { card, layOut } from '../flow/layout'
import type { FlowModel } from '../flow/model'
import { StepTile } from '../design/StepTile'
import type { Mark } from './compare'

const words: Record<Mark, string> = { added: 'Added', changed: 'Changed', removed: 'Removed' }
const none: ReadonlySet<string> = new Set()
const scale = 0.62
const margin = 16

/** A flow as a picture: cards and lines, with what a version changed. */
export function StillFlow({ model, marks, label }: { model: FlowModel; marks: ReadonlyMap<string, Mark>; label: string }) {
  const picture = useMemo(() => layOut(model, none), [model])
  const cards = [...model.triggers.map(t => ({ key: t.key, title: t.title, subtitle: t.subtitle, activity: t.kind as string, connector: t.connector })), ...model.all.map(s => ({ key: s.key, title: s.title, subtitle: s.subtitle, activity: s.activity?.key ?? 'unknown', connector: s.connector }))]
  const box = useRef<HTMLDivElement>(null)
  // Opens where something changed.
  useEffect(() => {
    const at = [...marks.keys()].map(key => picture.steps.get(key)).filter(p => p !== undefined).sort((a, b) => a.y - b.y)[0] ?? picture.steps.values().next().value
    if (!at || !box.current) return
    box.current.scrollTo(Math.max(0, (at.x + card.width / 2) * scale + margin - box.current.clientWidth / 2), Math.max(0, at.y * scale - box.current.clientHeight / 3))
  }, [picture, marks])
  return (
    <div className="still" ref={box} role="group" aria-label={label} tabIndex={0}>
      <div style={{ width: picture.width * scale + margin * 2, height: picture.height * scale + margin * 2 }}>
        <div className="still-inside" style={{ transform: `translate(${margin}px, ${margin}px) scale(${scale})` }}>
          {picture.frames.map(f => <div key={f.key} className="loop-frame" style={{ transform: `translate(${f.x}px, ${f.y}px)`, width: f.width, height: f.height }} />)}
          <svg className="flow-lines" aria-hidden><g>{picture.lines.map(l => <path key={l.key} d={l.d} />)}</g></svg>
          {picture.labels.map(l => <div key={l.key} className="lane-label" style={{ transform: `translate(${l.x}px, ${l.y}px) translate(-50%, -50%)` }}>{l.text}</div>)}
          {cards.map(c => { const at = picture.steps.get(c.key); const mark = marks.get(c.key); return at && (
            <div key={c.key} className={'card still-card ' + (mark ?? 'same')} style={{ transform: `translate(${at.x}px, ${at.y}px)`, width: card.width, height: card.height }}>
              <StepTile activity={c.activity} connector={c.connector} /><span className="card-text"><b className="cut">{c.title}</b><small className="cut">{c.subtitle}</small></span>{mark && <span className={'mark ' + mark}>{words[mark]}</span>}
            </div>) })}
        </div>
      </div>
    </div>
  )
}
