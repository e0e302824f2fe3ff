import { memo } from 'react'
import type { SourceRow, Suggestion, Target } from './model'
import { sourceRowHeight } from './SourceTree'
import { targetRowHeight } from './TargetTable'
import type { Window } from './useWindow'

/** Where the two lists stand: their inner edges, and each one's top and height. */
export interface Geometry { left: number; right: number; top: number; height: number; targetTop: number; targetHeight: number }

interface Line { key: string; d: string; dashed: boolean; strong: boolean; pale: boolean }

/** Where a path stands among the visible rows: itself, or its nearest ancestor that is open. */
export function rowOf(index: ReadonlyMap<string, number>, path: string): { at: number; exact: boolean } | null {
  const exact = index.get(path)
  if (exact !== undefined) return { at: exact, exact: true }
  let rest = path
  while (rest.includes('.') || rest.endsWith('[]')) {
    rest = rest.endsWith('[]') ? rest.slice(0, -2) : rest.slice(0, rest.lastIndexOf('.'))
    const at = index.get(rest)
    if (at !== undefined) return { at, exact: false }
  }
  return null
}

export function mappedOutside(targets: readonly Target[], index: ReadonlyMap<string, number>, window: Window): { above: number; below: number; firstAbove: number; firstBelow: number } {
  let above = 0
  let below = 0
  let firstAbove = -1
  let firstBelow = -1
  for (const path of new Set(targets.flatMap(t => t.reads))) {
    const row = rowOf(index, path)
    if (!row) continue
    const y = row.at * sourceRowHeight + sourceRowHeight / 2 - window.top
    if (y < 0) { above++; firstAbove = Math.max(firstAbove, row.at) }
    else if (y > window.height) { below++; firstBelow = firstBelow < 0 ? row.at : Math.min(firstBelow, row.at) }
  }
  return { above, below, firstAbove, firstBelow }
}

export const LinesLayer = memo(function LinesLayer({ targets, sources, sourceWindow, targetWindow, geometry, current, emphasised, suggestions, rubber }: {
  targets: readonly Target[]; sources: readonly SourceRow[]; sourceWindow: Window; targetWindow: Window; geometry: Geometry; current: string | null; emphasised: ReadonlySet<string>; suggestions: readonly Suggestion[]; rubber: { x: number; y: number; toX: number; toY: number } | null
}) {
  const index = new Map(sources.map((row, i) => [row.path, i]))
  const lines: Line[] = []
  const { left, right, top, height, targetTop, targetHeight } = geometry
  const draw = (key: string, path: string, targetAt: number, strong: boolean, pale: boolean) => {
    const row = rowOf(index, path)
    if (!row) return
    const sy = row.at * sourceRowHeight + sourceRowHeight / 2 - sourceWindow.top
    const ty = targetAt * targetRowHeight + targetRowHeight / 2 - targetWindow.top
    const sourceOff = sy < 0 || sy > height
    const targetOff = ty < 0 || ty > targetHeight
    // Where neither end can be seen a line says nothing.
    if (sourceOff && targetOff) return
    const y1 = top + Math.max(0, Math.min(height, sy))
    const y2 = targetTop + Math.max(0, Math.min(targetHeight, ty))
    const bend = Math.max(30, (right - left) * 0.45)
    lines.push({ key, d: `M${left} ${y1}C${left + bend} ${y1} ${right - bend} ${y2} ${right} ${y2}`, dashed: !row.exact || sourceOff || targetOff, strong, pale })
  }
  targets.forEach((target, i) => { for (const path of new Set(target.reads)) draw(target.name + path, path, i, target.name === current || emphasised.has(path), false) })
  for (const s of suggestions) { const i = targets.findIndex(t => t.name === s.target); if (i >= 0) draw('s' + s.target, s.path, i, false, true) }
  return (
    <svg className="map-lines" aria-hidden>
      {lines.filter(l => !l.strong).map(l => <path key={l.key} d={l.d} className={(l.dashed ? 'dashed' : '') + (l.pale ? ' pale' : '')} />)}
      {lines.filter(l => l.strong).map(l => <path key={l.key} d={l.d} className={'strong' + (l.dashed ? ' dashed' : '')} />)}
      {rubber && <path className="strong" d={`M${rubber.x} ${rubber.y}C${rubber.x + 60} ${rubber.y} ${rubber.toX - 60} ${rubber.toY} ${rubber.toX} ${rubber.toY}`} />}
    </svg>
  )
})
