import { useQuery } from '@tanstack/react-query'
import type { Parameter } from '../../api/contract'
import { words } from '../../flow/activities'
import { Choose, LiveField, Pick, Switch } from '../../kit/controls'
import { entityOf, mostRecords, someRecords } from './records'

export function ParametersStep({ parameters, connections, values, onChange }: { parameters: Parameter[]; connections: Record<string, string>; values: Record<string, string>; onChange(values: Record<string, string>): void }) {
  if (parameters.length === 0) return <p className="quiet-text">This template asks for nothing.</p>
  return <>{parameters.map(p => {
    const set = (v: string) => { const next = { ...values }; if (v === '') delete next[p.name]; else next[p.name] = v; onChange(next) }
    const fallback = p.default === null || p.default === undefined ? (p.optional ? 'Not set' : '') : `${String(p.default)} (from the template)`
    const title = p.title ?? words(p.name)
    if (p.type.kind === 'boolean') return <Switch key={p.name} isSelected={(values[p.name] ?? String(p.default)) === 'true'} onChange={on => set(String(on))}>{title}</Switch>
    if (p.type.choices) return <Choose key={p.name} label={title} value={values[p.name] ?? ''} onChange={set} choices={[{ id: '', label: fallback || 'Choose' }, ...p.type.choices.map(id => ({ id, label: id }))]} />
    const connection = p.connection === null ? undefined : connections[p.connection]
    if (p.type.kind === 'id' && p.type.entity && connection) return <RecordField key={p.name} label={title + (p.optional || p.default !== null ? '' : ' *')} connection={connection} entity={entityOf(p.type)} value={values[p.name] ?? ''} onChange={set} placeholder={fallback} />
    return <LiveField key={p.name} label={title + (p.optional || p.default !== null ? '' : ' *')} value={values[p.name] ?? ''} onChange={set} placeholder={fallback} help={p.word ?? undefined} />
  })}</>
}

/** A record of the system by its name, where only ids are stored: such as an owner, or a business unit. */
function RecordField({ label, connection, entity, value, onChange, placeholder }: { label: string; connection: string; entity: string; value: string; onChange(value: string): void; placeholder: string }) {
  const some = useQuery(someRecords(connection, entity))
  const choices = some.data ?? []
  const chosen = choices.find(c => c.id === value)
  const help = some.error ? `The names cannot be read: ${some.error.message}` : chosen ? `${chosen.label} of ${connection}` : value !== '' ? `The id of a ${words(entity).toLowerCase()} of ${connection}` : choices.length >= mostRecords ? `The first ${mostRecords} of ${connection} are listed; an id can be typed.` : `A ${words(entity).toLowerCase()} of ${connection}, by its name or id`
  return <Pick clears loading={some.isPending} label={label} value={value} onChange={onChange} placeholder={placeholder || 'Name or id'} choices={choices.map(c => ({ ...c, help: c.id }))} help={help} />
}
