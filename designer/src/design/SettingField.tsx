import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { queries } from '../api/queries'
import { useDocumentState } from '../document/context'
import { activityOf, titleOf, words } from '../flow/activities'
import type { FlowStep, Lines } from '../flow/model'
import { fieldsOf } from '../flow/scope'
import type { Value } from '../text/values'
import { Button, Choose, Pick, Switch, TextField, type Choice } from '../kit/controls'
import { plain } from '../kit/plain'
import { ExpressionField } from './ExpressionField'

export type SettingKind = 'text' | 'long' | 'number' | 'choice' | 'switch' | 'expression' | 'condition' | 'entity' | 'event' | 'operation'

export interface SettingProps {
  name: string
  title?: string
  hideLabel?: boolean
  kind: SettingKind
  value: Value | undefined
  onChange(value: Value | undefined): void
  step: FlowStep | null
  choices?: string[]
  placeholder?: string
  help?: string
  required?: boolean
}

const isExpression = (value: Value | undefined): value is string => typeof value === 'string' && value.startsWith('=')

/** One setting. A form never writes a default into the file: an empty field is no line. */
export function SettingField(props: SettingProps) {
  const { name, kind, value, onChange, step, placeholder, help, required, hideLabel } = props
  const title = props.title ?? titleOf(name)
  const connectors = useQuery({ ...queries.connectors, enabled: kind === 'entity' || kind === 'event' || kind === 'operation' }).data
  const connections = useDocumentState(s => s.model?.connections)
  if (value !== undefined && value !== null && typeof value === 'object') return <Written title={title} value={value} />
  if (kind === 'expression' || kind === 'condition' || isExpression(value)) {
    return (
      <ExpressionField label={title} hideLabel={hideLabel} step={step?.key ?? null} value={value === undefined ? '' : String(value)} placeholder={kind === 'condition' ? 'Always' : placeholder} help={help}
        onCommit={text => onChange(text.trim() === '' ? undefined : kind === 'condition' && !text.startsWith('=') && text !== 'true' && text !== 'false' ? '=' + text : text === 'true' && kind === 'condition' ? true : text === 'false' && kind === 'condition' ? false : text)} />
    )
  }
  const text = value === undefined || value === null ? '' : String(value)
  switch (kind) {
    case 'choice': {
      const choices: Choice[] = [...(required ? [] : [{ id: '', label: placeholder ? `Default (${placeholder})` : 'Not set' }]), ...(props.choices ?? []).map(id => ({ id, label: words(id) }))]
      return choices.length > 11 ? <Pick label={title} choices={choices} value={text} onChange={v => onChange(v || undefined)} help={help} /> : <Choose label={title} choices={choices} value={text} onChange={v => onChange(v || undefined)} help={help} placeholder={placeholder} />
    }
    case 'switch': return <Switch isSelected={value === true} onChange={on => onChange(on ? true : undefined)}>{title}</Switch>
    case 'entity': case 'event': case 'operation': {
      const activity = activityOf(step?.activity?.key ?? '')
      const choices = Object.entries(connections ?? {}).flatMap(([logical, connector]) => {
        const found = connectors?.find(c => c.name === connector)
        if (kind === 'operation') return (found?.operations ?? []).map(o => ({ id: `${logical}/${o.name}`, label: `${logical}/${o.name}` }))
        return (found?.entities ?? []).filter(e => kind !== 'entity' || !activity?.needs || e[activity.needs]).flatMap(e => kind === 'entity' ? [{ id: `${logical}/${e.name}`, label: `${logical}/${e.name}` }] : e.events.map(event => ({ id: `${logical}/${e.name}.${event.name}`, label: `${logical}/${e.name}.${event.name}`, help: event.description })))
      })
      return <Pick label={title} choices={choices} value={text} onChange={v => v && v !== text && onChange(v)} help={help} />
    }
    case 'number': return <TextField label={title} hideLabel={hideLabel} value={text} placeholder={placeholder} help={help} onCommit={v => onChange(v.trim() === '' ? undefined : /^-?\d+(\.\d+)?$/.test(v.trim()) ? Number(v) : v.startsWith('=') ? v : undefined)} />
    case 'long': return <LongField title={title} value={text} placeholder={placeholder} onCommit={v => onChange(v.trim() === '' ? undefined : v)} />
    default: return <TextField label={title} hideLabel={hideLabel} isRequired={required} value={text} placeholder={placeholder} help={help} onCommit={v => onChange(v === '' ? undefined : v)} />
  }
}

function LongField({ title, value, placeholder, onCommit }: { title: string; value: string; placeholder?: string; onCommit(value: string): void }) {
  return <label className="field"><span className="label">{title}</span><textarea key={value} className="input" defaultValue={value} placeholder={placeholder} rows={2} onBlur={e => { if (e.target.value !== value) onCommit(e.target.value) }} /></label>
}

/** A value that has a form only in the text. */
function Written({ title, value }: { title: string; value: Value }) {
  return <div className="field"><span className="label">{title}</span><pre className="json small">{readable(value)}</pre><p className="help">Edit this in YAML.</p></div>
}

const readable = (value: Value): string => (Array.isArray(value) ? value.map(readable).join('\n') : value !== null && typeof value === 'object' ? Object.entries(value).map(([k, v]) => `${k}: ${plain(v)}`).join('\n') : String(value))

/** Lines of names and values: conditions on records, values handed over. */
export function LinesField({ name, title, value, step, required, onChange, onLine }: { name: string; title: string; value: Value | undefined; step: FlowStep | null; required: boolean; onChange(value: Value | undefined): void; onLine(key: string, value: Value | undefined): void }) {
  const model = useDocumentState(s => s.model)
  const fields = useQuery({ queryKey: ['names', step?.target ?? '', model?.id ?? ''], queryFn: () => fieldsOf(model!, step!.target!), enabled: model !== undefined && !!step?.target }).data ?? []
  const [adding, setAdding] = useState(false)
  if (isExpression(value)) return <ExpressionField label={title} step={step?.key ?? null} value={value} onCommit={v => onChange(v || undefined)} />
  const lines = (value ?? {}) as Lines
  const keys = Object.keys(lines)
  const choices = fields.filter(f => (name !== 'where' || f.filterable) && !keys.includes(f.name)).map(f => ({ id: f.name, label: f.name, help: f.title ?? undefined }))
  return (
    <div className="field" role="group" aria-label={title}><span className="label">{title}{required && keys.length === 0 && <span className="error">needed</span>}</span>
      {keys.map(key => {
        const own = lines[key]
        return (
          <div key={key} className="line-edit">
            <code className="cut" title={key}>{key}</code>
            <div className="row">
              <div className="grow">{own !== null && typeof own === 'object' ? <code className="json small">{plain(own)}</code> : <ExpressionField label={`Value of ${key}`} hideLabel step={step?.key ?? null} value={own === null ? 'null' : String(own)} onCommit={v => onLine(key, v === 'true' ? true : v === 'false' ? false : v === 'null' ? null : v)} />}</div>
              <Button look="quiet" size="small" icon tip={`Remove ${key}`} onPress={() => onLine(key, undefined)}><Trash2 size={14} /></Button>
            </div>
          </div>
        )
      })}
      {adding ? <Pick label="Field" hideLabel choices={choices} value="" placeholder="Name of the field" onChange={key => { setAdding(false); if (key && !keys.includes(key)) onLine(key, name === 'where' ? '=input.id' : '=null') }} />
        : <div><Button size="small" look="quiet" onPress={() => setAdding(true)}><Plus size={14} aria-hidden />Add a line</Button></div>}
    </div>
  )
}

/** Rules tried in order: each is a list of fields. */
export function MatchField({ value, step, onChange }: { value: Value | undefined; step: FlowStep; onChange(value: Value | undefined): void }) {
  const rules = Array.isArray(value) ? value : []
  const model = useDocumentState(s => s.model)
  const fields = useQuery({ queryKey: ['names', step.target ?? '', model?.id ?? ''], queryFn: () => fieldsOf(model!, step.target!), enabled: model !== undefined && !!step.target }).data ?? []
  const plain = rules.every(rule => Array.isArray(rule) && rule.every(part => typeof part === 'string'))
  const known = new Set(fields.map(f => f.name))
  if (!plain) return <Written title={titleOf('match')} value={value ?? []} />
  const set = (next: string[][]) => onChange(next.length === 0 ? undefined : next)
  const lists = rules as string[][]
  return (
    <div className="field" role="group" aria-label={titleOf('match')}><span className="label">{titleOf('match')}{rules.length === 0 && <span className="error">needed</span>}</span>
      <p className="help">Tried in order; the first rule that finds a record wins. A rule with an empty value is skipped.</p>
      {lists.map((rule, i) => {
        const unknown = rule.filter(part => known.size > 0 && part.split('|').some(f => !known.has(f) && !f.includes('.')))
        return <div key={i} className="row">
          <span className="num quiet-text">{i + 1}</span>
          <div className="grow"><TextField label={`Rule ${i + 1}`} hideLabel mono value={rule.join(', ')} onCommit={v => { const parts = v.split(',').map(p => p.trim()).filter(Boolean); set(parts.length === 0 ? lists.filter((_, j) => j !== i) : lists.map((r, j) => (j === i ? parts : r))) }} error={unknown.length > 0 ? `Not a field of ${step.target}: ${unknown.join(', ')}` : null} /></div>
          <Button look="quiet" size="small" icon tip={`Remove rule ${i + 1}`} onPress={() => set(lists.filter((_, j) => j !== i))}><Trash2 size={14} /></Button>
        </div>
      })}
      <Pick label="Add a rule" hideLabel value="" placeholder="Add a rule: a field that finds the record" choices={fields.filter(f => f.externalId || f.search !== 'none').map(f => ({ id: f.name, label: f.name, help: f.externalId ? 'external id' : undefined }))} onChange={v => { const parts = v.split(',').map(p => p.trim()).filter(Boolean); if (parts.length > 0) set([...lists, parts]) }} />
    </div>
  )
}

export function ListField({ name, value, onChange }: { name: string; value: Value | undefined; onChange(value: Value | undefined): void }) {
  const list = Array.isArray(value) ? value.map(String) : value === undefined || value === null ? [] : [String(value)]
  return <TextField label={titleOf(name)} mono value={list.join(', ')} placeholder={name === 'orderBy' ? 'For example -createdOn' : 'Separated by commas'} onCommit={v => { const parts = v.split(',').map(p => p.trim()).filter(Boolean); onChange(parts.length === 0 ? undefined : parts) }} />
}
