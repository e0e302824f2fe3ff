import { ChevronDown, ChevronRight } from 'lucide-react'
import type { KeyboardEvent, PointerEvent, RefObject } from 'react'
import type { SourceRow } from './model'
import { kindWord } from './model'
import type { Window } from './useWindow'

export const sourceRowHeight = 30

export function shortly(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'item' : 'items'}`
  if (typeof value === 'object') return ''
  const text = String(value)
  return text.length > 48 ? text.slice(0, 46) + '…' : text
}

export function SourceTree({ rows, current, used, emphasised, box, window, onFocusRow, onToggle, onPickUp, onDrag }: {
  rows: SourceRow[]; current: number; used: ReadonlySet<string>; emphasised: ReadonlySet<string>; box: RefObject<HTMLDivElement | null>; window: Window
  onFocusRow(index: number): void; onToggle(path: string): void; onPickUp(path: string): void; onDrag(path: string, e: PointerEvent): void
}) {
  function keys(e: KeyboardEvent): void {
    const row = rows[current]
    if (!row) return
    const done = () => { e.preventDefault(); e.stopPropagation() }
    if (e.key === 'ArrowDown') { done(); onFocusRow(Math.min(rows.length - 1, current + 1)) }
    else if (e.key === 'ArrowUp') { done(); onFocusRow(Math.max(0, current - 1)) }
    else if (e.key === 'Home') { done(); onFocusRow(0) }
    else if (e.key === 'End') { done(); onFocusRow(rows.length - 1) }
    else if (e.key === 'PageDown') { done(); onFocusRow(Math.min(rows.length - 1, current + 12)) }
    else if (e.key === 'PageUp') { done(); onFocusRow(Math.max(0, current - 12)) }
    else if (e.key === 'ArrowRight') { done(); if (row.folds && !row.open) onToggle(row.path); else if (row.folds) onFocusRow(current + 1); else onPickUp(row.path) }
    else if (e.key === 'ArrowLeft') { done(); if (row.folds && row.open) onToggle(row.path); else onFocusRow(Math.max(0, rows.findLastIndex((r, i) => i < current && r.depth < row.depth))) }
    else if (e.key === 'Enter' || e.key === ' ') { done(); onPickUp(row.path) }
  }
  return (
    <div className="map-scroll" ref={box} role="tree" aria-label="Source fields" onKeyDown={keys} tabIndex={rows.length === 0 ? 0 : -1}>
      <div style={{ height: rows.length * sourceRowHeight, position: 'relative' }} role="presentation">
        {rows.slice(window.first, window.last).map((row, i) => {
          const index = window.first + i
          return (
            <div key={row.path} id={'source-' + index} role="treeitem" aria-level={row.depth + 1} aria-expanded={row.folds ? row.open : undefined} aria-selected={index === current} tabIndex={index === current ? 0 : -1}
              aria-label={`${row.name}, ${row.about || kindWord(row.type)}${row.hasSample && typeof row.sample !== 'object' ? ', ' + shortly(row.sample) : ''}`}
              className={'source-row' + (emphasised.has(row.path) ? ' strong' : '') + (row.type.kind === 'object' || row.type.kind === 'list' ? ' group' : '')} style={{ top: index * sourceRowHeight, paddingLeft: 10 + row.depth * 15 }}
              onFocus={() => { if (index !== current) onFocusRow(index) }} onClick={() => { onFocusRow(index); if (row.folds) onToggle(row.path) }}>
              <span className="twist" aria-hidden>{row.folds ? row.open ? <ChevronDown size={14} /> : <ChevronRight size={14} /> : null}</span>
              <span className="source-name cut">{row.name}</span>
              <span className="quiet-text cut about">{row.about}</span>
              <span className="source-value cut mono">{row.hasSample ? shortly(row.sample) : ''}</span>
              <span className={'port' + (used.has(row.path) ? ' used' : '')} data-port={row.path} onPointerDown={e => { e.preventDefault(); e.stopPropagation(); onFocusRow(index); onDrag(row.path, e) }} aria-hidden><i /></span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
