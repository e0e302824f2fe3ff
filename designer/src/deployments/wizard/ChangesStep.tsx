import { Plus, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import type { Template } from '../../api/contract'
import { readFlow, type FlowStep, type Lines } from '../../flow/model'
import { Button, Choose, LiveField, Pick, Switch } from '../../kit/controls'
import { plain } from '../../kit/plain'
import { Empty } from '../../kit/states'
import { blockWords, takenOut, withFields, type Block, type ChangeLine } from './choices'

/** What this deployment does otherwise than the template: lines by flow and step. The template itself stays as it is, and can be upgraded. */
export function ChangesStep({ template, lines, onChange }: { template: Template; lines: ChangeLine[]; onChange(lines: ChangeLine[]): void }) {
  const steps = useMemo(() => stepsOf(template), [template])
  const set = (at: number, change: Partial<ChangeLine>) => onChange(lines.map((line, i) => (i === at ? { ...line, ...change } : line)))
  return <>
    <p className="help">Changed lines hold for this deployment only. When a later version of the template no longer has a line, you are told before anything is deployed.</p>
    {lines.length === 0 && <Empty>The template runs as it is.</Empty>}
    <ol className="changes">{lines.map((line, i) => <Change key={i} line={line} steps={steps} onChange={change => set(i, change)} onRemove={() => onChange(lines.filter((_, k) => k !== i))} />)}</ol>
    <div><Button onPress={() => onChange([...lines, { flow: steps[0]?.flow ?? '', step: steps[0]?.step.id ?? '', block: firstBlock(steps[0]?.step), field: '', value: '' }])} isDisabled={steps.length === 0}><Plus size={14} aria-hidden />Change a line</Button></div>
  </>
}

interface Place { flow: string; step: FlowStep }

function Change({ line, steps, onChange, onRemove }: { line: ChangeLine; steps: Place[]; onChange(change: Partial<ChangeLine>): void; onRemove(): void }) {
  const place = steps.find(s => s.flow === line.flow && s.step.id === line.step)
  const several = new Set(steps.map(s => s.flow)).size > 1
  const own = (place?.step.raw[line.block] ?? {}) as Lines
  const has = withFields.includes(line.block)
  const now = !place ? undefined : has ? own[line.field] : place.step.raw[line.block]
  const out = typeof line.raw === 'object' && line.raw !== null && 'remove' in line.raw && line.value === ''
  return (
    <li className="panel">
      <div className="row2 four">
        <Choose label="Step" value={place ? `${line.flow} ${line.step}` : null} placeholder={line.step ? `${line.step} (no longer in the template)` : 'Choose a step'} onChange={v => { const [flow, step] = v.split(' ') as [string, string]; onChange({ flow, step, block: firstBlock(steps.find(s => s.flow === flow && s.step.id === step)?.step), field: '', value: '', raw: undefined }) }}
          choices={steps.map(s => ({ id: `${s.flow} ${s.step.id}`, label: several ? `${s.step.title} (${s.flow})` : s.step.title, help: s.step.subtitle }))} />
        <Choose label="What" value={line.block} onChange={v => onChange({ block: v as Block, field: '', value: '', raw: undefined })} choices={blocksOf(place?.step).map(id => ({ id, label: blockWords[id] }))} />
        {has && <Pick label="Name" value={line.field} onChange={field => onChange({ field })} choices={Object.keys(own).map(id => ({ id, label: id }))} placeholder="Field" />}
        {line.block !== 'remove' && !out && <LiveField label="Value" value={line.value} onChange={value => onChange({ value })} placeholder={now === undefined ? 'Text, or = and an expression' : plain(now)} />}
      </div>
      <div className="row">
        <span className="grow quiet-text">{line.block === 'remove' ? 'The step is left out.' : out ? 'The line is left out.' : now === undefined ? (has ? 'A line the template does not have.' : '') : <>The template says <code>{plain(now)}</code></>}</span>
        {has && <Switch isSelected={out} onChange={on => onChange(on ? { raw: takenOut, value: '' } : { raw: undefined })}>Leave it out</Switch>}
        <Button size="small" look="quiet" icon tip="Take this change back" onPress={onRemove}><Trash2 size={14} /></Button>
      </div>
    </li>
  )
}

/** Only steps with a name can be changed: a change must find its step in every later version. */
function stepsOf(template: Template): Place[] {
  return template.flows.flatMap(flow => {
    const text = template.files.find(f => f.path === flow.path || flow.path.endsWith('/' + f.path))?.content
    return (text ? readFlow(text)?.all ?? [] : []).filter(step => step.id !== null).map(step => ({ flow: flow.id, step }))
  })
}

function blocksOf(step: FlowStep | undefined): Block[] {
  const kind = step?.activity?.key ?? ''
  const sets = ['upsert', 'create', 'update', 'sync', 'merge'].includes(kind)
  return [
    ...(sets ? ['set' as const] : []), ...(kind === 'upsert' || kind === 'sync' ? ['setOnCreate' as const, 'setOnUpdate' as const] : []), ...(kind === 'map' ? ['map' as const] : []),
    ...(['lookup', 'query', 'aggregate', 'update', 'delete'].includes(kind) ? ['where' as const] : []), ...(['stop', 'fail', 'warn', 'next'].includes(kind) ? [kind as Block] : []), 'if', ...(sets ? ['options' as const] : []), 'remove',
  ]
}

const firstBlock = (step: FlowStep | undefined): Block => blocksOf(step)[0] ?? 'if'
