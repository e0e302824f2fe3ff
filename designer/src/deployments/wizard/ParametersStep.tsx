import type { Parameter } from '../../api/contract'
import { words } from '../../flow/activities'
import { Choose, LiveField, Switch } from '../../kit/controls'

export function ParametersStep({ parameters, values, onChange }: { parameters: Parameter[]; values: Record<string, string>; onChange(values: Record<string, string>): void }) {
  if (parameters.length === 0) return <p className="quiet-text">This template asks for nothing.</p>
  return <>{parameters.map(p => {
    const set = (v: string) => { const next = { ...values }; if (v === '') delete next[p.name]; else next[p.name] = v; onChange(next) }
    const fallback = p.default === null || p.default === undefined ? (p.optional ? 'Not set' : '') : `${String(p.default)} (from the template)`
    const title = p.title ?? words(p.name)
    if (p.type.kind === 'boolean') return <Switch key={p.name} isSelected={(values[p.name] ?? String(p.default)) === 'true'} onChange={on => set(String(on))}>{title}</Switch>
    if (p.type.choices) return <Choose key={p.name} label={title} value={values[p.name] ?? ''} onChange={set} choices={[{ id: '', label: fallback || 'Choose' }, ...p.type.choices.map(id => ({ id, label: id }))]} />
    return <LiveField key={p.name} label={title + (p.optional || p.default !== null ? '' : ' *')} value={values[p.name] ?? ''} onChange={set} placeholder={fallback} help={p.word ?? undefined} />
  })}</>
}
