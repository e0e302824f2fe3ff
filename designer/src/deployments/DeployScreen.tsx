import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CircleCheck, CircleDot, Circle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api } from '../api/client'
import type { DeployAnswer, DeploymentSpecification, Parameter } from '../api/contract'
import { Problem } from '../api/http'
import { queries } from '../api/queries'
import { systemTitle, words } from '../flow/activities'
import { deployRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Choose, LiveField, Switch } from '../kit/controls'
import { Failure, Loaded, Note, SkeletonTable } from '../kit/states'
import { ConnectionForm } from '../connections/ConnectionForm'
import { TestResult } from '../connections/ConnectionsScreen'
import type { ConnectionTest } from '../api/contract'

const steps = ['template', 'connections', 'parameters', 'review'] as const
type Step = (typeof steps)[number]
const titles: Record<Step, string> = { template: 'Template and name', connections: 'Connections', parameters: 'Parameters', review: 'Review and deploy' }

interface Choices { name: string; version: string | null; connections: Record<string, string>; parameters: Record<string, string>; note: string }
const kept = (template: string) => 'designer.deploy.' + template

/** From a template to a running deployment: every step can be gone back to, and survives a reload. */
export function DeployScreen() {
  const search = deployRoute.useSearch()
  const navigate = useNavigate()
  const templates = useQuery(queries.templates)
  const existing = useQuery({ ...queries.deployment(search.deployment ?? ''), enabled: search.deployment !== undefined })
  const id = search.template ?? existing.data?.template
  const template = useQuery({ ...queries.template(id ?? ''), enabled: id !== undefined })
  const step = (steps.includes(search.step as Step) ? search.step : 'template') as Step
  const [choices, setChoices] = useState<Choices | null>(null)
  useEffect(() => {
    if (!id || !template.data || (search.deployment && !existing.data)) return
    const saved = sessionStorage.getItem(kept(id + (search.deployment ?? '')))
    const was = existing.data?.specification as Partial<DeploymentSpecification> | undefined
    setChoices(saved ? (JSON.parse(saved) as Choices) : {
      name: search.deployment ?? id, version: null, connections: was?.connections ?? {}, note: '',
      parameters: Object.fromEntries(Object.entries(was?.parameters ?? {}).map(([k, v]) => [k, String(v)])),
    })
  }, [id, template.data, existing.data, search.deployment])
  const change = (next: Partial<Choices>) => setChoices(now => { const all = { ...now!, ...next }; sessionStorage.setItem(kept(id! + (search.deployment ?? '')), JSON.stringify(all)); return all })
  const go = (to: Step) => void navigate({ to: '/deploy', search: { ...search, template: id, step: to } })
  const at = steps.indexOf(step)
  return (
    <>
      <Top title={search.deployment ? `Change ${search.deployment}` : 'New deployment'} crumb={<Link to="/deployments">Deployments</Link>} />
      <main className="page"><div className="wizard">
        <nav aria-label="Steps"><ol>{steps.map((s, i) => <li key={s}><button type="button" aria-current={s === step ? 'step' : undefined} disabled={!choices} onClick={() => go(s)}>{i < at ? <CircleCheck size={16} aria-hidden /> : i === at ? <CircleDot size={16} aria-hidden /> : <Circle size={16} aria-hidden />}{titles[s]}</button></li>)}</ol></nav>
        <section className="panel" aria-label={titles[step]}>
          <h2>{titles[step]}</h2>
          {step === 'template' && <>
            <Loaded query={templates} what="The templates">{list => <Choose label="Template" value={id ?? null} placeholder="Choose a template" isDisabled={search.deployment !== undefined} onChange={v => void navigate({ to: '/deploy', search: { template: v, deployment: undefined, step: 'template' } })} choices={list.map(t => ({ id: t.id, label: t.title, help: t.id }))} />}</Loaded>
            {choices && template.data && <>
              <LiveField label="Name of the deployment" value={choices.name} onChange={name => change({ name })} help="Small letters, digits, - and _." />
              <Choose label="Version" value={choices.version ?? ''} onChange={v => change({ version: v || null })} choices={[{ id: '', label: `Current content (${template.data.version ?? template.data.hash.slice(0, 8)})` }, ...template.data.versions.map(v => ({ id: v.hash, label: `${v.version ?? v.hash.slice(0, 8)} of ${new Date(v.createdAt).toLocaleDateString('en')}`, help: v.note ?? undefined }))]} />
            </>}
          </>}
          {!choices && step !== 'template' && (template.error ? <Failure error={template.error} what="The template" /> : <SkeletonTable rows={3} />)}
          {choices && template.data && step === 'connections' && <ConnectionsStep needs={template.data.connections} chosen={choices.connections} onChange={connections => change({ connections })} />}
          {choices && template.data && step === 'parameters' && <ParametersStep parameters={template.data.parameters} values={choices.parameters} onChange={parameters => change({ parameters })} />}
          {choices && template.data && step === 'review' && <ReviewStep template={template.data.id} parameters={template.data.parameters} choices={choices} onNote={note => change({ note })} onDone={() => { sessionStorage.removeItem(kept(id! + (search.deployment ?? ''))); void navigate({ to: '/deployments' }) }} />}
          {step !== 'review' && <div className="row"><span className="grow" />{at > 0 && <Button onPress={() => go(steps[at - 1]!)}>Back</Button>}<Button look="primary" isDisabled={!choices} onPress={() => go(steps[at + 1]!)}>Next</Button></div>}
        </section>
      </div></main>
    </>
  )
}

function ConnectionsStep({ needs, chosen, onChange }: { needs: Record<string, string>; chosen: Record<string, string>; onChange(connections: Record<string, string>): void }) {
  const query = useQuery(queries.connections)
  const [making, setMaking] = useState<string | null>(null)
  const [results, setResults] = useState<Record<string, ConnectionTest | { failed: string }>>({})
  return (
    <Loaded query={query} what="The connections">{list => <>
      {Object.entries(needs).map(([logical, connector]) => {
        const fits = list.filter(c => c.connector === connector)
        const value = chosen[logical]
        return (
          <div key={logical} className="field">
            <Choose label={systemTitle(connector) + (logical === connector ? '' : ` (${logical})`)} value={value ?? null} placeholder={fits.length === 0 ? 'No connection yet' : 'Choose a connection'} onChange={v => onChange({ ...chosen, [logical]: v })} choices={fits.map(c => ({ id: c.name, label: c.title ?? c.name, help: c.realm ?? undefined }))} />
            <div className="row"><Button size="small" isDisabled={!value} onPress={() => void api.testConnection(value!).catch((e: Error) => ({ failed: e.message })).then(r => setResults(now => ({ ...now, [value!]: r })))}>Test it</Button><Button size="small" look="quiet" onPress={() => setMaking(logical)}>New connection</Button></div>
            <TestResult result={value ? (results[value] ?? null) : null} />
          </div>
        )
      })}
      {making && <ConnectionForm connection={null} taken={list.map(c => c.name)} onClose={name => { setMaking(null); if (name) onChange({ ...chosen, [making]: name }) }} />}
    </>}</Loaded>
  )
}

function ParametersStep({ parameters, values, onChange }: { parameters: Parameter[]; values: Record<string, string>; onChange(values: Record<string, string>): void }) {
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

/** A value as its parameter's type has it. */
function typed(parameter: Parameter | undefined, text: string): unknown {
  if (parameter?.type.kind === 'boolean') return text === 'true'
  if ((parameter?.type.kind === 'integer' || parameter?.type.kind === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text
}

function ReviewStep({ template, parameters, choices, onNote, onDone }: { template: string; parameters: Parameter[]; choices: Choices; onNote(note: string): void; onDone(): void }) {
  const body: DeploymentSpecification = {
    template, version: choices.version, connections: choices.connections, state: 'active',
    parameters: Object.fromEntries(Object.entries(choices.parameters).map(([name, text]) => [name, typed(parameters.find(p => p.name === name), text)])),
  }
  const client = useQueryClient()
  const dry = useQuery({ queryKey: ['dry-run', choices.name, JSON.stringify(body)], queryFn: () => api.deploy(choices.name, body, { dryRun: true }), staleTime: 0, gcTime: 0 })
  const [confirm, setConfirm] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const [busy, setBusy] = useState(false)
  async function deploy() {
    setBusy(true)
    setError(null)
    try {
      await api.deploy(choices.name, body, { dryRun: false, confirmRealm: confirm, note: choices.note.trim() || undefined })
      await client.invalidateQueries()
      onDone()
    } catch (e) {
      setError(e as Error)
    } finally {
      setBusy(false)
    }
  }
  const answer = dry.data
  const blocked = !answer || answer.diagnostics.some(d => d.severity === 'error') || answer.problems.length > 0 || (answer.otherRealms.length > 0 && !confirm)
  return (
    <>
      {dry.isFetching && !answer ? <SkeletonTable rows={3} /> : dry.error ? <Refusal error={dry.error} /> : answer && <DryRun answer={answer} />}
      {answer && answer.otherRealms.length > 0 && <Switch isSelected={confirm} onChange={setConfirm}>Yes, another account is meant: {answer.otherRealms.join(', ')}. What was remembered of the old one is not used.</Switch>}
      <LiveField label="Note" value={choices.note} onChange={onNote} placeholder="Why, for the list of versions" />
      {error && <Refusal error={error} />}
      <div className="row"><span className="grow" /><Button onPress={() => void dry.refetch()}>Check again</Button><Button look="primary" isDisabled={blocked || busy} onPress={() => void deploy()}>{busy ? 'Deploying' : `Deploy ${choices.name}`}</Button></div>
    </>
  )
}

function Refusal({ error }: { error: Error }) {
  const diagnostics = error instanceof Problem && Array.isArray(error.body.diagnostics) ? (error.body.diagnostics as { message: string; hint: string | null }[]) : []
  return <Note look="error" quote={error instanceof Problem && error.requestId ? `Request ${error.requestId}` : null}>{error.message}{diagnostics.map((d, i) => <span key={i}><br />{d.message} {d.hint}</span>)}</Note>
}

export const readable = (value: unknown): string => (value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0) ? 'nothing' : typeof value === 'object' ? Object.entries(value).map(([k, v]) => `${k}: ${typeof v === 'object' ? JSON.stringify(v) : String(v)}`).join(', ') : String(value))

function DryRun({ answer }: { answer: DeployAnswer }) {
  return (
    <>
      {answer.diagnostics.map((d, i) => <Note key={i} look={d.severity === 'error' ? 'error' : 'warn'} quote={d.hint}>{d.message}</Note>)}
      {answer.problems.map((p, i) => <Note key={i} look="error">{p}</Note>)}
      {answer.diagnostics.length === 0 && answer.problems.length === 0 && <Note>{answer.result === 'unchanged' ? 'This is what runs already.' : 'Both systems have what the flow needs.'}</Note>}
      {answer.changes.length > 0 && <div className="table-box"><table className="table"><thead><tr><th>What changes</th><th>From</th><th>To</th></tr></thead><tbody>{answer.changes.map((c, i) => <tr key={i}><td>{words(c.what)}</td><td className="quiet-text">{readable(c.before)}</td><td>{readable(c.after)}</td></tr>)}</tbody></table></div>}
    </>
  )
}
