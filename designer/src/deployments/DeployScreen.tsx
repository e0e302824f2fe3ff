import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, Circle, CircleCheck, CircleDot } from 'lucide-react'
import { useEffect, useState } from 'react'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { deployRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Choose, LiveField } from '../kit/controls'
import { Failure, Loaded, SkeletonTable } from '../kit/states'
import { ChangesStep } from './wizard/ChangesStep'
import { choicesOf, type Choices } from './wizard/choices'
import { ConnectionsStep } from './wizard/ConnectionsStep'
import { ParametersStep } from './wizard/ParametersStep'
import { ReviewStep } from './wizard/ReviewStep'
import { TablesStep } from './wizard/TablesStep'

const everyStep = ['template', 'connections', 'parameters', 'tables', 'changes', 'review'] as const
type Step = (typeof everyStep)[number]
const titles: Record<Step, string> = { template: 'Template and name', connections: 'Connections', parameters: 'Parameters', tables: 'Tables', changes: 'Changes to the template', review: 'Review and deploy' }

const kept = (template: string) => 'designer.deploy.' + template

/** From a template to a running deployment: every step can be gone back to, and survives a reload. */
export function DeployScreen() {
  const search = deployRoute.useSearch()
  const navigate = useNavigate()
  const templates = useQuery(queries.templates)
  const existing = useQuery({ ...queries.deployment(search.deployment ?? ''), enabled: search.deployment !== undefined })
  const id = search.template ?? existing.data?.template
  const template = useQuery({ ...queries.template(id ?? ''), enabled: id !== undefined })
  const steps = everyStep.filter(s => s !== 'tables' || (template.data?.tables.length ?? 0) > 0)
  const step = (steps.includes(search.step as Step) ? search.step : 'template') as Step
  const [choices, setChoices] = useState<Choices | null>(null)
  useEffect(() => {
    if (!id || !template.data || (search.deployment && !existing.data)) return
    const saved = sessionStorage.getItem(kept(id + (search.deployment ?? '')))
    setChoices(saved ? { ...choicesOf(search.deployment ?? id, existing.data?.specification), ...(JSON.parse(saved) as Partial<Choices>) } : choicesOf(search.deployment ?? id, existing.data?.specification))
  }, [id, template.data, existing.data, search.deployment])
  const change = (next: Partial<Choices>) => setChoices(now => { const all = { ...now!, ...next }; sessionStorage.setItem(kept(id! + (search.deployment ?? '')), JSON.stringify(all)); return all })
  const go = (to: Step) => void navigate({ to: '/deploy', search: { ...search, template: id, step: to } })
  const at = steps.indexOf(step)
  useOffer({ title: here, commands: choices ? steps.filter(s => s !== step).map(s => ({ id: s, title: titles[s], about: steps.indexOf(s) === at + 1 ? 'Next step' : 'Step of the wizard', run: () => go(s) })) : [] })
  return (
    <>
      <Top title={search.deployment ? `Change ${search.deployment}` : 'New deployment'} crumb={<><Link to="/deployments">Deployments</Link><ChevronRight size={14} aria-hidden /></>} />
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
          {choices && template.data && step === 'parameters' && <ParametersStep parameters={template.data.parameters} connections={choices.connections} values={choices.parameters} onChange={parameters => change({ parameters })} />}
          {choices && template.data && step === 'tables' && <TablesStep tables={template.data.tables} connections={choices.connections} values={choices.tables} onChange={tables => change({ tables })} />}
          {choices && template.data && step === 'changes' && <ChangesStep template={template.data} lines={choices.changes} onChange={changes => change({ changes })} />}
          {choices && template.data && step === 'review' && <ReviewStep template={template.data} choices={choices} onChange={change} onDone={() => { sessionStorage.removeItem(kept(id! + (search.deployment ?? ''))); void navigate({ to: '/deployments' }) }} />}
          {step !== 'review' && <div className="row"><span className="grow" />{at > 0 && <Button onPress={() => go(steps[at - 1]!)}>Back</Button>}<Button look="primary" isDisabled={!choices} onPress={() => go(steps[at + 1]!)}>Next</Button></div>}
        </section>
      </div></main>
    </>
  )
}
