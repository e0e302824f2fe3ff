import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import type { DeployAnswer, Template } from '../../api/contract'
import { Problem } from '../../api/http'
import { here, useOffer } from '../../commands/offers'
import { words } from '../../flow/activities'
import { Button, LiveField, Switch } from '../../kit/controls'
import { SettingValue } from '../../kit/SettingValue'
import { Note, SkeletonTable } from '../../kit/states'
import { specificationOf, type Choices } from './choices'
import { OrgGaps } from './OrgGaps'
import { PlanOfRequest } from './PlanOfRequest'
import { SharedFieldsNote } from './SharedFieldsNote'

/** The warning that `shared` of the answer tells whole. */
const sharing = 'WF5140'

export function ReviewStep({ template, choices, onChange, onDone }: { template: Template; choices: Choices; onChange(change: Partial<Choices>): void; onDone(): void }) {
  const body = specificationOf(template.id, template.parameters, choices)
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
  useOffer({ title: here, commands: [...(blocked || busy ? [] : [{ id: 'deploy', title: `Deploy ${choices.name}`, run: () => void deploy() }]), { id: 'again', title: 'Check again', run: () => void dry.refetch() }] })
  return (
    <div className="review">
      {answer && <OrgGaps name={choices.name} body={body} gaps={answer.gaps} onDone={() => void dry.refetch()} />}
      {dry.isFetching && !answer ? <SkeletonTable rows={3} /> : dry.error ? <Refusal error={dry.error} /> : answer && <DryRun answer={answer} onShare={fields => onChange({ others: { ...choices.others, sharedFields: [...new Set([...((choices.others.sharedFields as string[] | undefined) ?? []), ...fields])] } })} />}
      {answer && answer.otherRealms.length > 0 && <Switch isSelected={confirm} onChange={setConfirm}>Yes, another account is meant: {answer.otherRealms.join(', ')}. What was remembered of the old one is not used.</Switch>}
      {answer && !blocked && answer.result !== 'unchanged' && <PlanOfRequest name={choices.name} template={template} body={body} />}
      <LiveField label="Note" value={choices.note} onChange={note => onChange({ note })} placeholder="Why, for the list of versions" />
      {error && <Refusal error={error} />}
      <div className="row review-end"><span className="grow" /><Button onPress={() => void dry.refetch()}>Check again</Button><Button look="primary" isDisabled={blocked || busy} onPress={() => void deploy()}>{busy ? 'Deploying' : `Deploy ${choices.name}`}</Button></div>
    </div>
  )
}

function Refusal({ error }: { error: Error }) {
  const diagnostics = error instanceof Problem && Array.isArray(error.body.diagnostics) ? (error.body.diagnostics as { message: string; hint: string | null }[]) : []
  return <Note look="error" quote={error instanceof Problem && error.requestId ? `Request ${error.requestId}` : null}>{error.message}{diagnostics.map((d, i) => <span key={i}><br />{d.message} {d.hint}</span>)}</Note>
}

function DryRun({ answer, onShare }: { answer: DeployAnswer; onShare(fields: string[]): void }) {
  const fine = answer.problems.length === 0 && !answer.diagnostics.some(d => d.severity === 'error')
  return (
    <>
      {answer.diagnostics.filter(d => d.code !== sharing).map((d, i) => <Note key={i} look={d.severity === 'error' ? 'error' : 'warn'} quote={d.hint}>{d.message}</Note>)}
      <SharedFieldsNote shared={answer.shared} own={answer.name} onShare={onShare} />
      {answer.problems.filter(p => !answer.gaps.some(gap => gap.field !== null && p.startsWith(`${gap.connection}: ${gap.entity}.${gap.field} `))).map((p, i) => <Note key={i} look="error">{p}</Note>)}
      {fine && <Note>{answer.result === 'unchanged' ? 'This is what runs already.' : 'Both systems have what the flow needs.'}</Note>}
      {answer.changes.length > 0 && <div className="table-box"><table className="table"><thead><tr><th>What changes</th><th>From</th><th>To</th></tr></thead><tbody>{answer.changes.map((c, i) => <tr key={i}><td>{c.what === 'overlay' ? 'Changes to the template' : words(c.what)}</td><td className="quiet-text"><SettingValue value={c.before} /></td><td><SettingValue value={c.after} /></td></tr>)}</tbody></table></div>}
    </>
  )
}
