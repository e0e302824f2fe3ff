import { Lock, TriangleAlert } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'
import type { PreviewResult } from '../api/contract'
import { isExpression } from '../flow/references'
import { groupTitles, kindWord, written, type Target } from './model'
import { shortly } from './SourceTree'
import type { Window } from './useWindow'

export const targetRowHeight = 46

export const knownWhen = (step: string): string => `Known when the step “${step}” has run`

/** What is said below a field's name, the most needed first: what has no room is in the tooltip, never cut in half. */
function aboutOf(row: Target): { text: string; look: 'name' | 'kind' | 'chip' | 'chip warn' }[] {
  const said: ReturnType<typeof aboutOf> = row.title !== row.name ? [{ text: row.name, look: 'name' }] : []
  if (row.unknown) said.push({ text: 'not in this org', look: 'chip warn' })
  if (row.field?.externalId) said.push({ text: 'external id', look: 'chip' })
  if (row.field) said.push({ text: kindWord(row.field.type) + (row.field.type.length ? ` up to ${row.field.type.length}` : ''), look: 'kind' })
  if (row.group === 'setOnCreate' || row.group === 'setOnUpdate') said.push({ text: groupTitles[row.group].toLowerCase(), look: 'chip' })
  if (row.name.endsWith('__c')) said.push({ text: 'custom', look: 'chip' })
  return said
}

export function TargetTable({ rows, current, results, waiting, carrying, warns, box, window, label, onSelect, onKey }: {
  rows: Target[]; current: number; results: ReadonlyMap<string, PreviewResult>; waiting: ReadonlyMap<string, string>; carrying: string | null; warns(target: Target): boolean; box: RefObject<HTMLDivElement | null>; window: Window; label: string
  onSelect(index: number, byKey: boolean): void; onKey(key: string, e: KeyboardEvent): boolean
}) {
  function keys(e: KeyboardEvent): void {
    const moves: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1, PageDown: current + 10, PageUp: current - 10 }
    const to = moves[e.key]
    if (to !== undefined) { e.preventDefault(); onSelect(Math.max(0, Math.min(rows.length - 1, to)), true) }
    else if (!e.ctrlKey && !e.metaKey && onKey(e.key, e)) { e.preventDefault(); e.stopPropagation() }
  }
  return (
    <div className={'map-scroll' + (carrying ? ' carrying' : '')} ref={box} role="listbox" aria-label={label} onKeyDown={keys} tabIndex={rows.length === 0 ? 0 : -1}>
      <div style={{ height: rows.length * targetRowHeight, position: 'relative' }} role="presentation">
        {rows.slice(window.first, window.last).map((row, i) => {
          const index = window.first + i
          const result = results.get(row.name)
          const bad = result?.error ?? result?.findings.find(f => f.severity !== 'info')
          const mapped = row.group !== null
          const step = waiting.get(row.name)
          const about = aboutOf(row)
          return (
            <div key={row.name} id={'target-' + index} data-target={row.name} role="option" aria-selected={index === current} tabIndex={index === current ? 0 : -1} aria-disabled={row.readOnly || undefined}
              aria-label={`${row.title}, ${row.name}${row.required ? ', required' : ''}${row.readOnly ? ', read only' : ''}. ${mapped ? 'Mapped: ' + written(row.value) : 'Not mapped'}${step ? `. ${knownWhen(step)}` : ''}${bad ? '. ' + bad.message : ''}`}
              className={'target-row' + (row.readOnly ? ' locked' : '') + (carrying && !row.readOnly ? (warns(row) ? ' doubtful' : ' welcome') : '')} style={{ top: index * targetRowHeight }}
              onFocus={() => { if (index !== current) onSelect(index, false) }} onClick={() => onSelect(index, false)}>
              <span className={'port' + (mapped ? ' used' : '')} aria-hidden><i /></span>
              <span className="target-names">
                <span className="cut"><b>{row.title}</b>{row.required && <span className="error" aria-hidden> *</span>}</span>
                <span className="target-about quiet-text" title={about.map(a => a.text).join(', ')}>{about.map(a => a.look === 'name' ? <code key={a.text} className="cut">{a.text}</code> : <span key={a.text} className={a.look}>{a.text}</span>)}</span>
              </span>
              <span className="target-value cut mono">{row.readOnly && !mapped ? <span className="quiet-text"><Lock size={12} aria-hidden /> read only</span> : result && !result.error ? <span className={result.value === null ? 'quiet-text' : ''}>{result.type === 'keep' ? 'kept as it is' : result.type === 'clear' ? 'cleared' : shortly(result.value)}</span> : step ? <span className="quiet-text later" title={knownWhen(step)}>after “{step}”</span> : mapped ? <span className="quiet-text">{written(row.value)}</span> : row.required ? <span className="warn">Not mapped</span> : ''}</span>
              <span className="target-mark">{bad ? <TriangleAlert size={15} className={result?.error ? 'error' : 'warn'} aria-hidden /> : mapped && isExpression(row.value) && !/^=[\w$.?]+$/.test(row.value) ? <span className="chip fx" title="Computed">fx</span> : null}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
