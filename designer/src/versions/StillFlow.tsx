import type { RefObject } from 'react'
import { card, type Picture } from '../flow/layout'
import type { FlowModel } from '../flow/model'
import { StepTile } from '../design/StepTile'
import type { Mark } from './compare'

const words: Record<Mark, string> = { added: 'Added', changed: 'Changed', removed: 'Removed' }
export const scale = 0.62
export const margin = 16

/** A flow as a picture: cards and lines, with what a version changed. */
export function StillFlow({ model, picture, marks, label, box, onLead, onMove }: {
  model: FlowModel; picture: Picture; marks: ReadonlyMap<string, Mark>; label: string; box: RefObject<HTMLDivElement | null>; onLead(): void; onMove(): void
}) {
  const cards = [...model.triggers.map(t => ({ key: t.key, title: t.title, subtitle: t.subtitle, activity: t.kind as string, connector: t.connector })), ...model.all.map(s => ({ key: s.key, title: s.title, subtitle: s.subtitle, activity: s.activity?.key ?? 'unknown', connector: s.connector }))]
  return (
    <div className="still" ref={box} role="group" aria-label={label} tabIndex={0} onPointerEnter={onLead} onPointerDown={onLead} onWheel={onLead} onFocus={onLead} onKeyDown={onLead} onScroll={onMove}>
      <div style={{ width: picture.width * scale + margin * 2, height: picture.height * scale + margin * 2 }}>
        <div className="still-inside" style={{ transform: `translate(${margin}px, ${margin}px) scale(${scale})` }}>
          {picture.frames.map(f => <div key={f.key} className="loop-frame" style={{ transform: `translate(${f.x}px, ${f.y}px)`, width: f.width, height: f.height }} />)}
          <svg className="flow-lines" aria-hidden><g>{picture.lines.map(l => <path key={l.key} d={l.d} />)}</g></svg>
          {picture.labels.map(l => <div key={l.key} className="lane-label" style={{ transform: `translate(${l.x}px, ${l.y}px) translate(-50%, -50%)` }}>{l.text}</div>)}
          {cards.map(c => { const at = picture.steps.get(c.key); const mark = marks.get(c.key); return at && (
            <div key={c.key} data-card={c.key} className={'card still-card ' + (mark ?? 'same')} style={{ transform: `translate(${at.x}px, ${at.y}px)`, width: card.width, height: card.height }}>
              <StepTile activity={c.activity} connector={c.connector} /><span className="card-text"><b className="cut">{c.title}</b><small className="cut">{c.subtitle}</small></span>{mark && <span className={'mark ' + mark}>{words[mark]}</span>}
            </div>) })}
        </div>
      </div>
    </div>
  )
}
