import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, MousePointerClick } from 'lucide-react'
import { useState } from 'react'
import type { Diagnostic } from '../api/contract'
import { queries } from '../api/queries'
import { useDocument, useDocumentState } from '../document/context'
import { activityOf, stepKeyOrder, titleOf } from '../flow/activities'
import type { FlowStep, FlowTrigger, Lines } from '../flow/model'
import { schemaOf, type Schema } from '../flow/schema'
import { setStepValue } from '../flow/stepEdits'
import type { Value } from '../text/values'
import { Button, TextField } from '../kit/controls'
import { Empty, Note } from '../kit/states'
import { flowRoute } from '../frame/routes'
import { LinesField, ListField, MatchField, SettingField } from './SettingField'
import { StepTile } from './StepTile'

const apart = new Set(['id', 'retry', 'timeout', 'onError', 'options', 'note', 'was'])
const mapped = new Set(['set', 'setOnCreate', 'setOnUpdate', 'map'])

export function Settings() {
  const selected = useDocumentState(s => s.selected)
  const model = useDocumentState(s => s.model)
  const step = model?.all.find(s => s.key === selected)
  const trigger = model?.triggers.find(t => t.key === selected)
  if (!step && !trigger) {
    return <aside className="settings" aria-label="Settings" data-pane=""><Empty icon={MousePointerClick}>Select a step to see its settings.<br /><span className="quiet-text">Arrow keys move between steps, <kbd>/</kbd> finds one.</span></Empty></aside>
  }
  return step ? <StepSettings key={step.key} step={step} /> : <TriggerSettings key={trigger!.key} trigger={trigger!} />
}

function useProblems(at: { from: number; to: number }): Diagnostic[] {
  const diagnostics = useDocumentState(s => s.diagnostics)
  const path = useDocumentState(s => s.path)
  return diagnostics.filter(d => d.path === path && d.offset >= at.from && d.offset <= at.to)
}

function StepSettings({ step }: { step: FlowStep }) {
  const document = useDocument()
  const { id } = flowRoute.useParams()
  const path = useDocumentState(s => s.path)
  const broken = useDocumentState(s => s.broken)
  const root = useQuery(queries.flowSchema).data as Schema | undefined
  const problems = useProblems(step)
  const schema = root && step.activity ? schemaOf(root, 'step.' + step.activity.key) : null
  const [more, setMore] = useState(false)
  const change = (key: string | (string | number)[], value: Value | undefined) => document.edit(t => setStepValue(t, step.path, key, value))
  const order = (a: string, b: string) => stepKeyOrder.indexOf(a) - stepKeyOrder.indexOf(b)
  const keys = schema ? Object.keys(schema.properties ?? {}).sort(order) : []
  const required = new Set(schema?.required ?? [])
  const main = keys.filter(key => !apart.has(key) && !['do', 'branch'].includes(key))
  const shown = main.filter(key => step.raw[key] !== undefined || required.has(key) || key === 'if')
  const hidden = main.filter(key => !shown.includes(key))
  const unknown = Object.keys(step.raw).filter(key => schema && !keys.includes(key))
  const field = (key: string) => <OneSetting key={key} name={key} schema={schema!.properties![key]!} raw={step.raw} step={step} required={required.has(key)} onChange={value => change(key, value)} changeInside={change} />
  const mappingLines = [...mapped].reduce((n, key) => n + Object.keys((step.raw[key] ?? {}) as Lines).length, 0)
  const canMap = [...mapped].some(key => keys.includes(key))
  return (
    <aside className="settings" aria-label="Settings" data-pane="">
      <header><StepTile activity={step.activity?.key} connector={step.connector} /><div className="grow"><h2 className="cut">{step.title}</h2><p className="quiet-text cut">{step.activity?.help ?? 'Edit this step in YAML'}</p>{step.target && <code className="quiet-text">{step.target}</code>}</div></header>
      <fieldset disabled={broken} className="form">
        {problems.length > 0 && <Note look={problems.some(p => p.severity === 'error') ? 'error' : 'warn'} quote={problems[0]!.hint}>{problems[0]!.message}{problems.length > 1 && ` (${problems.length - 1} more in the text)`}</Note>}
        <TextField label="Step id" value={step.id ?? ''} onCommit={value => change('id', value.trim() || undefined)} placeholder="Needed only when a later step reads it" help={step.id ? 'Other steps read its output by this name.' : undefined} mono />
        {canMap && <Link className="button" to="/flows/$id" params={{ id }} search={{ tab: 'mapping', file: path, step: step.key, run: undefined }}>{step.activity?.key === 'map' ? 'Edit the values' : 'Map the fields'}<span className="quiet-text">{mappingLines}</span><ArrowRight size={15} aria-hidden /></Link>}
        {step.lanes.length > 0 && <Lanes step={step} />}
        {schema && shown.filter(key => !mapped.has(key)).map(field)}
        {hidden.filter(key => !mapped.has(key)).length > 0 && (more ? hidden.filter(key => !mapped.has(key)).map(field) : <Button size="small" look="quiet" onPress={() => setMore(true)}>More settings ({hidden.filter(key => !mapped.has(key)).length})</Button>)}
        {schema && <Later step={step} schema={schema} onChange={change} />}
        {unknown.length > 0 && <Note>Also in the file, and kept: {unknown.join(', ')}. Edit it in YAML.</Note>}
      </fieldset>
    </aside>
  )
}

function Lanes({ step }: { step: FlowStep }) {
  const document = useDocument()
  if (step.activity?.key !== 'branch') return null
  const cases = step.lanes.filter(l => l.kind === 'case').length
  return (
    <div className="field"><span className="label">Paths</span>
      {step.lanes.map((lane, i) => lane.kind === 'otherwise' ? <p key={i} className="help">Otherwise: what happens when no case holds.</p> : (
        <div key={i} className="lane-edit">
          <TextField label={`Name of path ${i + 1}`} hideLabel value={lane.label} onCommit={value => document.edit(t => setStepValue(t, step.path, ['branch', i, 'case'], value))} />
          <SettingField name={`Condition of path ${i + 1}`} hideLabel kind="condition" value={((step.raw.branch as Lines[])[i] as Lines | undefined)?.when} onChange={value => document.edit(t => setStepValue(t, step.path, ['branch', i, 'when'], value ?? true))} step={step} />
        </div>
      ))}
      <div className="row">
        <Button size="small" onPress={() => document.edit(t => setStepValue(t, step.path, ['branch', step.lanes.length], undefined) && insertCase(t, step, cases))}>Add a path</Button>
        {!step.lanes.some(l => l.kind === 'otherwise') && <Button size="small" onPress={() => document.edit(t => insertOtherwise(t, step))}>Add “otherwise”</Button>}
      </div>
    </div>
  )
}

import { insertItem } from '../text/edits'
const insertCase = (text: string, step: FlowStep, at: number) => insertItem(text, [...step.path, 'branch'], at, { case: `path ${at + 1}`, when: true, do: [] })
const insertOtherwise = (text: string, step: FlowStep) => insertItem(text, [...step.path, 'branch'], step.lanes.length, { otherwise: [] })

/** Options, tries, error handling and the note come last, in this order. */
function Later({ step, schema, onChange }: { step: FlowStep; schema: Schema; onChange(key: string | (string | number)[], value: Value | undefined): void }) {
  const connectors = useQuery(queries.connectors).data
  const options = connectors?.find(c => c.name === step.connector)?.options ?? []
  const retry = (step.raw.retry ?? {}) as Lines
  const set = (step.raw.options ?? {}) as Lines
  const errors = Array.isArray(step.raw.onError) ? step.raw.onError : []
  const control = activityOf(step.activity?.key ?? '')?.group === 'control'
  return (
    <>
      {options.length > 0 && !control && <section><h3>Options</h3>{options.map(o => <SettingField key={o.name} name={o.name} title={titleOf(o.name)} help={o.description} kind={o.type.choices ? 'choice' : 'text'} choices={o.type.choices ?? []} value={set[o.name]} placeholder={o.default ?? undefined} onChange={value => onChange(['options', o.name], value)} step={step} />)}</section>}
      {schema.properties?.retry && !control && <section><h3>If it fails</h3>
        <div className="row2">
          <SettingField name="attempts" kind="number" value={retry.attempts} placeholder="8" onChange={value => onChange(['retry', 'attempts'], value)} step={step} />
          <SettingField name="timeout" title="Time limit" kind="text" value={step.raw.timeout} placeholder="30s" onChange={value => onChange('timeout', value)} step={step} />
          <SettingField name="first" kind="text" value={retry.first} placeholder="30s" onChange={value => onChange(['retry', 'first'], value)} step={step} />
          <SettingField name="most" kind="text" value={retry.most} placeholder="1h" onChange={value => onChange(['retry', 'most'], value)} step={step} />
        </div>
        {errors.map((e, i) => { const c = (e ?? {}) as Lines; return <p key={i} className="help">On {[c.kind, c.code].filter(Boolean).flat().join(', ') || 'any error'}: {[Array.isArray(c.do) ? `${c.do.length} steps` : null, c.again ? 'once more with changes' : null, c.then ? `then ${String(c.then)}` : null].filter(Boolean).join(', ') || 'as written'} (edit in YAML)</p> })}
      </section>}
      <section><SettingField name="note" kind="long" value={step.raw.note} placeholder="For those who read this flow later" onChange={value => onChange('note', value)} step={step} /></section>
    </>
  )
}

function OneSetting({ name, schema, raw, step, required, onChange, changeInside }: { name: string; schema: Schema; raw: Lines; step: FlowStep; required: boolean; onChange(value: Value | undefined): void; changeInside(key: (string | number)[], value: Value | undefined): void }) {
  const value = raw[name]
  const common = { name, title: titleOf(name), value, step, required, onChange, help: name === 'if' ? undefined : undefined }
  if (name === step.activity?.key) {
    if (step.activity.takes === 'entity') return <SettingField {...common} title="Record type" kind="entity" />
    if (step.activity.takes === 'operation') return <SettingField {...common} kind="operation" />
    return <SettingField {...common} kind={schema.$ref === 'expression' ? 'expression' : 'text'} />
  }
  switch (schema.$ref) {
    case 'lines': case 'where': case 'with': return <LinesField name={name} title={titleOf(name)} value={value} step={step} required={required} onChange={onChange} onLine={(key, v) => changeInside([name, key], v)} />
    case 'match': return <MatchField value={value} step={step} onChange={onChange} />
    case 'texts': return <ListField name={name} value={value} onChange={onChange} />
    case 'condition': return <SettingField {...common} kind="condition" />
    case 'expression': return <SettingField {...common} kind="expression" />
    default:
      if (schema.enum) return <SettingField {...common} kind="choice" choices={schema.enum.map(String)} />
      if (schema.type === 'boolean') return <SettingField {...common} kind="switch" />
      if (schema.type === 'integer' || schema.type === 'number') return <SettingField {...common} kind="number" />
      return <SettingField {...common} kind="text" />
  }
}

function TriggerSettings({ trigger }: { trigger: FlowTrigger }) {
  const document = useDocument()
  const broken = useDocumentState(s => s.broken)
  const problems = useProblems(trigger)
  const [more, setMore] = useState(false)
  const change = (key: string | (string | number)[], value: Value | undefined) => document.edit(t => setStepValue(t, trigger.path, key, value))
  const rest: [string, 'text' | 'switch' | 'condition'][] = [['filter', 'condition'], ['every', 'text'], ['latestOnly', 'switch'], ['onlyWhenChanged', 'switch'], ['sticky', 'switch'], ['since', 'text']]
  const shown = rest.filter(([key]) => trigger.raw[key] !== undefined || key === 'filter')
  const hidden = rest.filter(row => !shown.includes(row))
  const field = ([key, kind]: [string, 'text' | 'switch' | 'condition']) => <SettingField key={key} name={key} title={titleOf(key)} kind={kind} value={trigger.raw[key]} onChange={value => change(key, value)} step={null} />
  return (
    <aside className="settings" aria-label="Settings" data-pane="">
      <header><StepTile activity={trigger.kind} connector={trigger.connector} /><div className="grow"><h2 className="cut">{trigger.title}</h2><p className="quiet-text">What starts this flow</p><code className="quiet-text">{trigger.subtitle}</code></div></header>
      <fieldset disabled={broken} className="form">
        {problems.length > 0 && <Note look="error" quote={problems[0]!.hint}>{problems[0]!.message}</Note>}
        {trigger.path.length > 1 && <TextField label="Trigger id" value={String(trigger.raw.id ?? '')} onCommit={value => change('id', value || undefined)} mono />}
        {trigger.raw.on !== undefined && <SettingField name="on" title={titleOf('on')} kind="event" value={trigger.raw.on} onChange={value => value !== undefined && change('on', value)} step={null} />}
        {trigger.raw.schedule !== undefined && <SettingField name="schedule" title={titleOf('schedule')} kind="text" value={trigger.raw.schedule} onChange={value => value !== undefined && change('schedule', value)} step={null} help="Minute, hour, day, month, weekday: 0 2 * * * is every night at two." />}
        {trigger.raw.timeZone !== undefined && <SettingField name="timeZone" title={titleOf('timeZone')} kind="text" value={trigger.raw.timeZone} onChange={value => change('timeZone', value)} step={null} />}
        {trigger.raw.for !== undefined && <SettingField name="for" title={titleOf('for')} kind="event" value={trigger.raw.for} onChange={value => change('for', value)} step={null} />}
        {trigger.raw.webhook !== undefined && <SettingField name="webhook" title={titleOf('webhook')} kind="text" value={trigger.raw.webhook} onChange={value => value !== undefined && change('webhook', value)} step={null} />}
        {trigger.raw.becomes !== undefined && <LinesField name="becomes" title={titleOf('becomes')} value={trigger.raw.becomes} step={null} required={false} onChange={value => change('becomes', value)} onLine={(key, v) => change(['becomes', key], v)} />}
        {trigger.raw.with !== undefined && <LinesField name="with" title={titleOf('with')} value={trigger.raw.with} step={null} required={false} onChange={value => change('with', value)} onLine={(key, v) => change(['with', key], v)} />}
        {shown.map(field)}
        {hidden.length > 0 && (more ? hidden.map(field) : <Button size="small" look="quiet" onPress={() => setMore(true)}>More settings ({hidden.length})</Button>)}
      </fieldset>
    </aside>
  )
}
