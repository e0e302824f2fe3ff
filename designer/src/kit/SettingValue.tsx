import { plain } from './plain'

/** A setting of a deployment for a person: one line for each thing in it. */
export function SettingValue({ value }: { value: unknown }) {
  const lines = linesOf(value, [])
  if (lines.length === 0) return <span className="quiet-text num">not set</span>
  if (lines.length === 1 && lines[0]!.at === '') return <>{lines[0]!.text}</>
  return <div className="cell-lines">{lines.slice(0, 40).map((line, i) => <div key={i}>{line.at && <span className="quiet-text">{line.at}: </span>}{line.text}</div>)}{lines.length > 40 && <span className="quiet-text">and {lines.length - 40} more</span>}</div>
}

function linesOf(value: unknown, at: string[]): { at: string; text: string }[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.length === 0 ? [] : value.every(v => typeof v !== 'object') ? [{ at: at.join(' › '), text: value.map(plain).join(', ') }] : value.flatMap(v => (isFlat(v) ? [{ at: at.filter(a => a !== 'rows').join(' › '), text: plain(v) }] : linesOf(v, at)))
  if (typeof value === 'object') return Object.entries(value).flatMap(([name, inner]) => linesOf(inner, [...at, name]))
  return [{ at: at.join(' › '), text: plain(value) }]
}

const isFlat = (value: unknown) => typeof value === 'object' && value !== null && Object.values(value).every(v => typeof v !== 'object' || v === null)
