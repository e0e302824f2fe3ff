import { Link2, TriangleAlert, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { PreviewResult } from '../api/contract'
import { CodeLine, type CodeLineHandle } from '../design/ExpressionField'
import { isExpression } from '../flow/references'
import type { FlowStep } from '../flow/model'
import { valueAt } from '../flow/scope'
import type { Value } from '../text/values'
import { counted } from '../flow/model'
import { Button, Choose, Dialog, Pick, Switch } from '../kit/controls'
import { groupTitles, groupsOf, kindWord, written, type Group, type SourceRow, type Target } from './model'
import type { Sample } from './samples'
import { knownWhen } from './TargetTable'

interface Snippet { id: string; label: string; make(code: string, target: Target): string }

const snippets: Snippet[] = [
  { id: 'default', label: 'Default if empty', make: code => `${code || 'input.name'} ?? "…"` },
  { id: 'shorten', label: 'Shorten to the field', make: (code, t) => `text.truncate(${code || 'input.name'}, ${t.field?.type.length ?? 255})` },
  { id: 'phone', label: 'Phone number', make: code => `normalize.phone(${code || 'input.phone'}, "US")` },
  { id: 'email', label: 'E-mail address', make: code => `normalize.email(${code || 'input.email'})` },
  { id: 'day', label: 'Day in a time zone', make: code => `date.of(${code || 'run.now'}, "America/Denver")` },
  { id: 'first', label: 'First of a list', make: code => `list.first(${code || 'lines'})` },
  { id: 'choice', label: 'One value or another', make: code => `${code || 'input.active'} ? "yes" : "no"` },
  { id: 'table', label: 'Look up in a table', make: code => `table.find("name", ${code || 'input.id'})?.value` },
]

export function ExpressionBar({ target, step, result, waiting, handle, sources, samples, sample, onCommit, onType, onClear, onMove, onChoose }: {
  target: Target; step: FlowStep; result: PreviewResult | undefined; waiting: string | undefined; handle: { current: CodeLineHandle | null }; sources: readonly SourceRow[]; samples: readonly Sample[]; sample: Record<string, unknown> | null; onCommit(value: Value): void; onType(code: string): void; onClear(): void; onMove(group: Group): void; onChoose(): void
}) {
  const structured = target.value !== undefined && target.value !== null && typeof target.value === 'object'
  const code = isExpression(target.value) ? target.value.slice(1) : ''
  const choices = target.field?.type.choices ?? []
  const [picklist, setPicklist] = useState(false)
  const typed = useRef(code)
  typed.current = code
  const fixed = target.value !== undefined && !structured && !isExpression(target.value)
  const errors = [...(result?.error ? [result.error.message] : []), ...(result?.findings ?? []).map(f => f.message)]
  return (
    <section className="expression-bar" data-pane="" aria-label={`Mapping of ${target.title}`}>
      <div className="expression-head">
        <b className="cut">{target.title}</b>{target.title !== target.name && <code className="quiet-text cut">{target.name}</code>}<span className="quiet-text">{target.field ? kindWord(target.field.type) : ''}{target.field?.type.length ? ` up to ${target.field.type.length}` : ''}</span>
        <span className="grow" />
        {target.group !== null && target.group !== 'map' && groupsOf(step).length > 1 && <Choose label="When this field is set" hideLabel value={target.group} onChange={g => onMove(g as Group)} choices={groupsOf(step).map(id => ({ id, label: groupTitles[id] }))} />}
        <Choose label="Insert" hideLabel value={null} placeholder="Insert" onChange={id => { const s = snippets.find(x => x.id === id); if (s) onCommit('=' + s.make(typed.current, target)) }} choices={snippets.map(s => ({ id: s.id, label: s.label }))} isDisabled={target.readOnly || structured} />
        {choices.length > 0 && <Button size="small" onPress={() => setPicklist(true)} isDisabled={target.readOnly}>Picklist values</Button>}
        <Button size="small" onPress={onChoose} isDisabled={target.readOnly}><Link2 size={14} aria-hidden />Choose source</Button>
        <Button size="small" look="quiet" onPress={onClear} isDisabled={target.group === null}><X size={14} aria-hidden />Clear</Button>
      </div>
      <div className="expression-body">
        {target.readOnly ? <p className="quiet-text">The system fills this field itself.</p>
          : structured ? <pre className="json">{written(target.value)}{'\n'}Edit this in YAML.</pre>
          : <div className="expression-edit">
              <Switch isSelected={fixed} onChange={on => onCommit(on ? code : '=' + (fixed ? JSON.stringify(target.value) : code || 'null'))}>Fixed value</Switch>
              <CodeLine key={target.name + step.key + String(fixed)} label={fixed ? `Fixed value of ${target.title}` : `Expression of ${target.title}`} step={step.key} lines={3} handle={handle} idle={400} sample={sample} mistake={mistakeOf(result)}
                value={fixed ? written(target.value) : code} placeholder={fixed ? 'A value' : 'Drag a line here, choose a source, or type: input.name'}
                onChange={text => onType(fixed ? text : '=' + text)} onCommit={text => { if (fixed) onCommit(text === 'true' ? true : text === 'false' ? false : text); else if (text.trim() !== '') onCommit('=' + text.trim()) }} />
            </div>}
        <div className={'result' + (errors.length > 0 ? ' bad' : '')} role="status" aria-live="polite">
          <span className="quiet-text">Result</span>
          <output className={waiting !== undefined || !result ? 'said' : undefined}>{waiting !== undefined ? knownWhen(waiting) : target.group === null && !result ? 'Nothing mapped' : !result ? 'Choose a sample to see the value' : result.error ? 'No value' : result.type === 'keep' ? 'The field is left as it is' : result.type === 'clear' ? 'The field is emptied' : result.value === null ? 'Empty' : typeof result.value === 'object' ? JSON.stringify(result.value) : String(result.value)}</output>
          {waiting !== undefined && <p className="quiet-text">Choose a recorded run as sample to see it.</p>}
          {errors.map((e, i) => <p key={i} className={result?.error && i === 0 ? 'error' : 'warn'}><TriangleAlert size={13} aria-hidden />{e}</p>)}
        </div>
      </div>
      {picklist && <Picklist target={target} code={code} sources={sources} samples={samples} onClose={() => setPicklist(false)} onDone={text => { setPicklist(false); onCommit('=' + text) }} />}
    </section>
  )
}

const mistakeOf = (result: PreviewResult | undefined) => (result?.error && (result.error.offset ?? -1) >= 0 ? { offset: result.error.offset!, message: result.error.message } : null)

/** Value by value, those that are not mapped yet first: writes a chain of comparisons that anybody can read in the file. */
function Picklist({ target, code, sources, samples, onDone, onClose }: { target: Target; code: string; sources: readonly SourceRow[]; samples: readonly Sample[]; onDone(expression: string): void; onClose(): void }) {
  const choices = target.field?.type.choices ?? []
  const read = readTable(code)
  const [source, setSource] = useState(read.source || (code.includes('?') ? '' : code))
  const [rows, setRows] = useState(read.rows)
  const [rest, setRest] = useState(read.rest || 'null')
  const options = choices.map(id => ({ id, label: id }))
  // What the source can hold: by its own list, and by the samples.
  const path = source.replaceAll('?', '').trim()
  const held = [...new Set([...(sources.find(row => row.path === path)?.type.choices ?? []), ...samples.map(s => valueAt(s.data, path)).filter(v => ['string', 'number'].includes(typeof v)).map(String)])]
  const open = held.filter(value => value !== '' && !rows.some(row => row.from === value))
  const map = (from: string, to: string) => setRows([...rows, { from, to }])
  const change = (at: number, next: { from?: string; to?: string }) => setRows(rows.map((row, i) => (i === at ? { ...row, ...next } : row)))
  const alike = (value: string) => choices.find(c => c.toLowerCase().replace(/[^a-z0-9]/g, '') === value.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const done = () => onDone(rows.filter(r => r.from !== '' && r.to !== '').map(r => `${source.trim()} === ${JSON.stringify(r.from)} ? ${JSON.stringify(r.to)} : `).join('') + (rest === 'null' ? 'null' : rest === 'keep' ? 'keep' : JSON.stringify(rest)))
  return (
    <Dialog title={`Values of ${target.title}`} isOpen onClose={onClose} foot={<><Button onPress={onClose}>Cancel</Button><Button look="primary" isDisabled={source.trim() === ''} onPress={done}>Use these values</Button></>}>
      <Pick label="Source" value={source} onChange={setSource} placeholder="input.status" choices={sources.filter(row => !row.folds && row.depth > 0 && row.type.kind !== 'object' && row.type.kind !== 'list').slice(0, 300).map(row => ({ id: row.path, label: row.path, help: row.type.choices ? 'picklist' : undefined }))} />
      {open.length > 0 && <div className="row" style={{ flexWrap: 'wrap' }}><span className="grow quiet-text">{counted(open.length, 'value')} of the source {open.length === 1 ? 'is' : 'are'} not mapped yet</span>{open.some(alike) && <Button size="small" onPress={() => setRows([...rows, ...open.filter(alike).map(from => ({ from, to: alike(from)! }))])}>Map those of the same name</Button>}</div>}
      <table className="table"><thead><tr><th>When it is</th><th>Write</th></tr></thead><tbody>
        {open.map(value => <tr key={'open ' + value}><td><code>{value}</code></td><td><Choose label={`Value for ${value}`} hideLabel choices={options} placeholder="Not mapped" value={null} onChange={to => map(value, to)} /></td></tr>)}
        {rows.map((row, i) => <tr key={i}><td><input className="input" aria-label={`Source value ${i + 1}`} value={row.from} onChange={e => change(i, { from: e.target.value })} /></td><td><div className="row"><Choose label={`Value ${i + 1}`} hideLabel choices={options} value={row.to} onChange={to => change(i, { to })} /><Button size="small" look="quiet" icon tip={`Take ${row.from || 'this value'} out`} onPress={() => setRows(rows.filter((_, j) => j !== i))}><X size={14} /></Button></div></td></tr>)}
        <tr><td>Anything else</td><td><Choose label="Value for anything else" hideLabel choices={[{ id: 'null', label: 'Empty' }, { id: 'keep', label: 'Leave the field as it is' }, ...options]} value={rest} onChange={setRest} /></td></tr>
      </tbody></table>
      <div><Button size="small" onPress={() => map('', choices[0] ?? '')}>Add a value</Button></div>
    </Dialog>
  )
}

function readTable(code: string): { source: string; rows: { from: string; to: string }[]; rest: string } {
  const rows = [...code.matchAll(/([\w.?]+) === ("(?:[^"\\]|\\.)*") \? ("(?:[^"\\]|\\.)*") :/g)].map(m => ({ source: m[1]!, from: JSON.parse(m[2]!) as string, to: JSON.parse(m[3]!) as string }))
  const tail = /:\s*(null|keep|"(?:[^"\\]|\\.)*")\s*$/.exec(code)?.[1] ?? 'null'
  return { source: rows[0]?.source ?? '', rows: rows.map(({ from, to }) => ({ from, to })), rest: tail.startsWith('"') ? (JSON.parse(tail) as string) : tail }
}
