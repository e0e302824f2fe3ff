import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CircleCheck, RotateCcw, X } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { DeadLetter, DeadLetterGroup, Incident } from '../api/contract'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { deadLettersRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { emptyFlowSearch } from '../frame/search'
import { Button, Choose, Dialog, LiveField } from '../kit/controls'
import { Data } from '../kit/Data'
import { Attempts } from '../runs/Attempts'
import { Empty, Failure, Loaded, Note, SkeletonTable } from '../kit/states'
import { Ago, At } from '../kit/time'
import { counted } from '../flow/model'
import { words } from '../flow/activities'

/** What could not go on, grouped by its reason: equal failures are one thing to repair. */
export function DeadLettersScreen() {
  const search = deadLettersRoute.useSearch()
  const navigate = useNavigate()
  const client = useQueryClient()
  const deployments = useQuery(queries.deployments)
  const groups = useQuery({ queryKey: ['deadLetterGroups', search.deployment], queryFn: () => api.deadLetterGroups(search.deployment), refetchInterval: 5000 })
  const incidents = useQuery({ ...queries.incidents(true), refetchInterval: 5000 })
  const incidentOf = (group: DeadLetterGroup) => incidents.data?.find(i => i.fingerprint === group.fingerprint && i.deployment === group.deployment)
  const [done, setDone] = useState<{ text: string; refused: string[] } | null>(null)
  const [asking, setAsking] = useState<DeadLetterGroup | null>(null)
  const go = (change: Partial<typeof search>) => void navigate({ to: '/dead-letters', search: { ...search, ...change } })
  useOffer({ title: here, commands: [
    ...(groups.data ?? []).map(group => ({ id: 'replay ' + group.deployment + group.fingerprint, title: `Replay ${counted(group.count, 'record')}: ${group.code ?? words(group.kind)}`, about: group.deployment, run: () => setAsking(group) })),
    ...(search.deployment ? [{ id: 'all', title: 'Show the dead letters of all deployments', run: () => go({ deployment: undefined, fingerprint: undefined, id: undefined }) }] : []),
  ] })
  async function replayGroup(group: DeadLetterGroup, from: 'start' | 'step') {
    setAsking(null)
    try {
      const answer = await api.replay({ fingerprint: group.fingerprint, deployment: group.deployment, from })
      const n = Array.isArray(answer.replayed) ? answer.replayed.length : answer.replayed
      setDone({ text: `${counted(n, 'record')} sent again.`, refused: answer.refused.map(r => `${r.id}: ${r.why}`) })
    } catch (e) {
      setDone({ text: e instanceof Error ? e.message : String(e), refused: [] })
    }
    await client.invalidateQueries()
  }
  const one = search.fingerprint !== undefined || search.id !== undefined
  return (
    <>
      <Top title="Dead letters" />
      <main className={'split' + (one ? '' : ' one')}>
        <div className="list-side" data-pane="">
          <div className="filters"><Choose label="Deployment" hideLabel value={search.deployment ?? ''} onChange={v => go({ deployment: v || undefined, fingerprint: undefined, id: undefined })} choices={[{ id: '', label: 'All deployments' }, ...(deployments.data?.data ?? []).map(d => ({ id: d.name, label: d.name }))]} /></div>
          {done && <Note look={done.refused.length > 0 ? 'warn' : undefined} quote={done.refused.join('; ') || null}>{done.text}</Note>}
          <Loaded query={groups} what="The dead letters" isEmpty={g => g.length === 0} empty={<Empty icon={CircleCheck}>Nothing waits for you: every record went through.</Empty>}>
            {list => <div className="table-box"><table className="table">
              <thead><tr><th>What happened</th><th>Step</th><th className="right">Records</th><th>Since</th><th><span className="hidden">Actions</span></th></tr></thead>
              <tbody>{list.map(group => (
                <tr key={group.deployment + group.fingerprint} aria-current={group.fingerprint === search.fingerprint ? 'true' : undefined}>
                  <td><button type="button" className="link name" onClick={() => go({ fingerprint: group.fingerprint, deployment: group.deployment, id: undefined })}>{group.code ?? words(group.kind)}</button><div className="clamp">{group.message}</div><div className="quiet-text">{group.deployment}</div><IncidentState incident={incidentOf(group)} /></td>
                  <td>{group.step ? words(group.step) : ''}</td>
                  <td className="right num">{group.count}</td>
                  <td><Ago at={group.first} /><div className="quiet-text">last <Ago at={group.last} /></div></td>
                  <td className="right"><Button size="small" icon={one} tip={one ? 'Replay all' : undefined} onPress={() => setAsking(group)}><RotateCcw size={14} aria-hidden />{!one && 'Replay all'}</Button></td>
                </tr>
              ))}</tbody>
            </table></div>}
          </Loaded>
        </div>
        {one && <GroupDetail key={`${search.fingerprint} ${search.deployment}`} fingerprint={search.fingerprint} deployment={search.deployment} id={search.id ? Number(search.id) : undefined} onClose={() => go({ fingerprint: undefined, id: undefined })} onSelect={id => go({ id: String(id) })} />}
      </main>
      {asking && <Dialog title={`Replay ${counted(asking.count, 'record')}?`} isOpen onClose={() => setAsking(null)} foot={<><Button onPress={() => setAsking(null)}>Cancel</Button><Button onPress={() => void replayGroup(asking, 'step')}>From the failed step</Button><Button look="primary" onPress={() => void replayGroup(asking, 'start')}>From the start</Button></>}>
        <p>They run with the version that is deployed now: {deployments.data?.data.find(d => d.name === asking.deployment)?.version ?? 'the current one'} of {asking.deployment}. From the start reads each record again; from the failed step goes on with what was read.</p>
      </Dialog>}
    </>
  )
}

/** Equal failures are one incident: it says whether the cause is still there. */
function IncidentState({ incident }: { incident: Incident | undefined }) {
  if (!incident) return null
  return incident.recoveredAt
    ? <span className="pill ok" title={`Seen ${counted(incident.count, 'time')}`}>The cause is gone since <Ago at={incident.recoveredAt} /></span>
    : <span className="pill error">Incident open since <Ago at={incident.firstSeen} /> · {counted(incident.count, 'time')}</span>
}

function GroupDetail({ fingerprint, deployment, id, onClose, onSelect }: { fingerprint: string | undefined; deployment: string | undefined; id: number | undefined; onClose(): void; onSelect(id: number): void }) {
  const letters = useQuery({ queryKey: ['deadLetters', fingerprint, deployment], queryFn: () => api.deadLetters({ fingerprint, deployment, limit: 200 }), enabled: fingerprint !== undefined })
  const rows = letters.data?.data ?? []
  const current = id ?? rows[0]?.id
  // What was done is told here, not in the letter: a letter that was dealt with leaves the list, and the next one takes its place.
  const [done, setDone] = useState<string | null>(null)
  return (
    <aside className="detail" aria-label="Dead letter" data-pane="">
      <header className="row"><h2 className="grow">{rows.length > 1 ? counted(rows.length, 'record') : 'Record'}</h2><Button look="quiet" icon tip="Close" onPress={onClose}><X size={16} /></Button></header>
      {letters.error && <Failure error={letters.error} what="These records" />}
      {done && <Note>{done}</Note>}
      {rows.length > 1 && <Choose label="Record" value={String(current)} onChange={v => { setDone(null); onSelect(Number(v)) }} choices={rows.map(row => ({ id: String(row.id), label: `${row.entity ?? 'Record'} ${row.record ?? row.key}` }))} />}
      {current !== undefined ? <LetterDetail key={current} id={current} onDone={setDone} /> : letters.data ? <Empty icon={CircleCheck}>All of these were dealt with.</Empty> : <SkeletonTable rows={4} />}
    </aside>
  )
}

/** To the step that failed, and to its mapping with this very record, where the flow is a template here. */
function OpenStep({ letter }: { letter: DeadLetter }) {
  const deployments = useQuery(queries.deployments)
  const templates = useQuery(queries.templates)
  const flow = deployments.data?.data.find(d => d.name === letter.deployment)?.flow
  const template = templates.data?.find(t => flow !== undefined && t.flows.includes(flow))
  const navigate = useNavigate()
  // A step is named by its id, or by the place of its line in the file.
  const step = letter.step ? `${letter.step}@${letter.place?.split(':').slice(-2).join(':') ?? ''}` : undefined
  const to = (tab: string | undefined) => ({ ...emptyFlowSearch, tab, step, run: letter.run ?? undefined })
  useOffer({ title: here, commands: template ? [{ id: 'open', title: 'Open the step that failed', run: () => void navigate({ to: '/flows/$id', params: { id: template.id }, search: to(undefined) }) }] : [] })
  // They keep their place while it is not known yet whether there is such a flow.
  if (!template) return deployments.isPending || templates.isPending ? <><Button isDisabled>Open the step</Button><Button isDisabled>Mend its mapping</Button></> : null
  return <><Link className="button" to="/flows/$id" params={{ id: template.id }} search={to(undefined)}>Open the step</Link><Link className="button" to="/flows/$id" params={{ id: template.id }} search={to('mapping')}>Mend its mapping</Link></>
}

function LetterDetail({ id, onDone }: { id: number; onDone(what: string | null): void }) {
  const query = useQuery({ queryKey: ['deadLetter', id], queryFn: () => api.deadLetter(id) })
  const client = useQueryClient()
  const [editing, setEditing] = useState<string | null>(null)
  const [discarding, setDiscarding] = useState<string | null>(null)
  const [error, setError] = useState<string | null>(null)
  const open = query.data?.deadLetter.state === 'open'
  useOffer({ title: here, commands: open ? [
    { id: 'start', title: 'Replay this record', run: () => void replayFrom('start') }, { id: 'step', title: 'Replay this record from the failed step', run: () => void replayFrom('step') },
    ...(query.data?.hint ? [] : [{ id: 'edit', title: 'Edit and replay this record', run: () => edit() }]), { id: 'discard', title: 'Discard this record', run: () => setDiscarding('') },
  ] : [] })
  const edit = () => setEditing(JSON.stringify(query.data?.record, null, 2))
  const replayFrom = (from: 'start' | 'step') => act(() => api.replay({ ids: [id], from }), from === 'start' ? 'Sent again. It runs with the version that is deployed now.' : 'Goes on from the failed step.')
  if (!query.data) return query.error ? <Failure error={query.error} what="This dead letter" retry={() => void query.refetch()} /> : <SkeletonTable rows={4} />
  const { deadLetter: letter, record, hint, outputs } = query.data
  async function act(work: () => Promise<unknown>, done: string) {
    setError(null)
    onDone(null)
    try {
      const answer = (await work()) as { refused?: { why: string }[] } | undefined
      if (answer?.refused && answer.refused.length > 0) setError(answer.refused.map(r => r.why).join(' '))
      else { onDone(`${letter.entity ?? 'Record'} ${letter.record ?? letter.key}: ${done}`); setEditing(null); setDiscarding(null) }
      await client.invalidateQueries()
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
  }
  let parsed: unknown
  let mistake: string | null = null
  if (editing !== null) try { parsed = JSON.parse(editing) } catch (e) { mistake = e instanceof Error ? e.message : String(e) }
  return (
    <>
      <Note look="error" quote={letter.code}>{letter.message}</Note>
      {error && <Note look="error">{error}</Note>}
      <div className="filters">
        <Button look="primary" isDisabled={!open} onPress={() => void replayFrom('start')}><RotateCcw size={15} aria-hidden />Replay</Button>
        <Button isDisabled={!open} onPress={() => void replayFrom('step')}>Replay from the failed step</Button>
        <Button isDisabled={!open || hint} onPress={edit}>Edit and replay</Button>
        <OpenStep letter={letter} />
        <Button look="danger" isDisabled={!open} onPress={() => setDiscarding('')}>Discard</Button>
      </div>
      <dl className="facts">
        <dt>State</dt><dd>{words(letter.state)}{letter.note && <span className="quiet-text"> · {letter.note}</span>}</dd>
        <dt>Step</dt><dd>{letter.step ? words(letter.step) : 'None'}{letter.place && <span className="quiet-text"> · {letter.place.split('/').pop()}</span>}</dd>
        <dt>Deployment</dt><dd>{letter.deployment}</dd>
        <dt>Record</dt><dd>{letter.entity} <code>{letter.record ?? letter.key}</code></dd>
        <dt>Kind</dt><dd>{words(letter.kind)}</dd>
        <dt>Since</dt><dd><At at={letter.at} /></dd>
      </dl>
      {letter.attempts.length > 0 && <section aria-label="Failed attempts"><h3>Failed attempts</h3><Attempts lines={letter.attempts} /></section>}
      <section><h3>The record it ran with</h3>{record === null || record === undefined ? <p className="quiet-text">No record is kept with it.</p> : <Data value={record} />}{hint && <p className="quiet-text">The run could not read it, so there is nothing to edit. A replay reads it again.</p>}</section>
      {outputs && Object.keys(outputs).length > 0 && <section><h3>What the steps before gave</h3><Data value={outputs} /></section>}
      <Dialog title="Edit and replay" wide isOpen={editing !== null} onClose={() => setEditing(null)} foot={<><Button onPress={() => setEditing(null)}>Cancel</Button><Button look="primary" isDisabled={mistake !== null} onPress={() => void act(() => api.replayChanged(id, parsed), 'Sent again with your changes.')}>Replay with these values</Button></>}>
        <p className="help">The values are used for this one run only. Nothing is changed in {letter.entity ?? 'the source'}.</p>
        <LiveField label="Values of the record" lines={18} value={editing ?? ''} onChange={setEditing} error={mistake} />
      </Dialog>
      <Dialog title="Discard this record?" isOpen={discarding !== null} onClose={() => setDiscarding(null)} foot={<><Button onPress={() => setDiscarding(null)}>Cancel</Button><Button look="danger" isDisabled={(discarding ?? '').trim() === ''} onPress={() => void act(() => api.discard(id, discarding!.trim()), 'Discarded.')}>Discard</Button></>}>
        <LiveField label="Why" value={discarding ?? ''} onChange={setDiscarding} autoFocus help="Kept with the record, for whoever looks later." />
      </Dialog>
    </>
  )
}
