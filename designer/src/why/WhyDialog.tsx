import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Why } from '../api/contract'
import { queries } from '../api/queries'
import { words } from '../flow/activities'
import { counted } from '../flow/model'
import { Button, Choose, Dialog, LiveField } from '../kit/controls'
import { plain } from '../kit/plain'
import { Empty, Loaded } from '../kit/states'
import { At } from '../kit/time'

export interface About { connection: string; entity: string; record: string; field: string }

/** Why a field of a record holds what a flow wrote: the event, the run, the line of the mapping, what was read. */
export function WhyDialog({ about, onClose }: { about: Partial<About>; onClose(): void }) {
  const connections = useQuery(queries.connections)
  const [connection, setConnection] = useState(about.connection ?? '')
  const [entity, setEntity] = useState(about.entity ?? '')
  const [record, setRecord] = useState(about.record ?? '')
  const [field, setField] = useState(about.field ?? '')
  const whole = about.connection && about.entity && about.record ? { connection, entity, record, field } : null
  const [asked, setAsked] = useState<About | null>(whole)
  const query = useQuery({ queryKey: ['why', asked], queryFn: () => api.why({ ...asked!, field: asked!.field || undefined }), enabled: asked !== null })
  const ready = connection !== '' && entity.trim() !== '' && record.trim() !== ''
  return (
    <Dialog title={asked?.field ? `Why does ${asked.field} hold this?` : 'Why does a field hold this?'} wide isOpen onClose={onClose} foot={<Button onPress={onClose}>Close</Button>}>
      {whole === null && <form className="row2 four" onSubmit={e => { e.preventDefault(); if (ready) setAsked({ connection, entity: entity.trim(), record: record.trim(), field: field.trim() }) }}>
        <Choose label="Connection" value={connection || null} placeholder="Choose a connection" onChange={setConnection} choices={(connections.data ?? []).map(c => ({ id: c.name, label: c.title ?? c.name, help: c.realm ?? undefined }))} />
        <LiveField label="Record type" value={entity} onChange={setEntity} placeholder="Account" />
        <LiveField label="Record id" value={record} onChange={setRecord} />
        <LiveField label="Field" value={field} onChange={setField} placeholder="All fields" />
        <div><Button look="primary" type="submit" isDisabled={!ready}>Look it up</Button></div>
      </form>}
      {asked && <Loaded query={query} what="The explanation" isEmpty={w => w.length === 0} empty={<Empty icon={CircleHelp}>No flow wrote this{asked.field ? ' field' : ' record'}, or it was too long ago to be kept.</Empty>}>
        {list => <ol className="timeline why">{list.map((w, i) => <Explanation key={i} why={w} named={asked.field === ''} />)}</ol>}
      </Loaded>}
    </Dialog>
  )
}

function Explanation({ why: w, named }: { why: Why; named: boolean }) {
  return (
    <li>
      <CircleHelp size={17} aria-hidden className="quiet-text" />
      <div className="form" style={{ padding: 0, gap: 6 }}>
        <div>{named && <><code>{w.field}</code> · </>}<b>{w.value === null || w.value === undefined ? 'The value is no longer kept' : plain(w.value)}</b> <span className="quiet-text">{words(w.verb)}</span></div>
        {w.source && <pre className="json small"><span className="quiet-text">{w.file?.split('/').pop()}:{w.line}  </span>{w.source}</pre>}
        <dl className="facts">
          <dt>Event</dt><dd><code>{w.run.record ?? w.run.key}</code> accepted <At at={w.run.acceptedAt} /></dd>
          <dt>Run</dt><dd><Link to="/runs" search={{ run: w.run.id, deployment: w.run.deployment, outcome: undefined, key: w.run.key }}>{w.run.deployment}, step {words(w.step)}</Link></dd>
          {w.flowId && <><dt>Flow</dt><dd>{w.flowId} <code className="quiet-text">{w.run.flow.slice(0, 8)}</code></dd></>}
          {w.inputs.length > 0 && <><dt>Read before</dt><dd>{w.inputs.map((read, i) => <div key={i}>{words(read.step)}{read.entity && ` · ${read.entity}`}{read.rows !== null && ` · ${counted(read.rows, 'record')}`}{read.ids && read.ids.length > 0 && <> <code className="quiet-text">{read.ids.slice(0, 4).join(', ')}{read.ids.length > 4 && ' …'}</code></>}</div>)}</dd></>}
        </dl>
      </div>
      <span className="quiet-text num"><At at={w.at} /></span>
    </li>
  )
}
