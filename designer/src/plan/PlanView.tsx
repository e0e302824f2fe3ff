import { useState } from 'react'
import type { PlanAnswer, PlannedField } from '../api/contract'
import { words } from '../flow/activities'
import { counted } from '../flow/model'
import { Button } from '../kit/controls'
import { plain } from '../kit/plain'
import { Note } from '../kit/states'

const most = 25

interface Line { event: string; what: string; entity: string; record: string; fields: PlannedField[] }

/** What would happen, record by record and field by field. Nothing of it was written. */
export function PlanView({ answer, title }: { answer: PlanAnswer; title?: string }) {
  const [all, setAll] = useState(false)
  const compared = answer.differences !== null
  const lines: Line[] = compared
    ? answer.differences!.map(d => ({ event: d.event, entity: d.entity, record: d.record, fields: d.fields, what: d.verb === d.wasVerb ? words(d.verb ?? 'nothing') : `${d.wasVerb ? words(d.wasVerb) : 'Nothing'} → ${d.verb ? d.verb : 'nothing'}` }))
    : answer.runs.flatMap(run => run.effects.map(e => ({ event: run.event, entity: e.entity, record: e.record, fields: e.fields, what: words(e.verb) })))
  const failed = answer.runs.filter(r => r.outcome === 'failed' || r.outcome === 'refused')
  const shown = all ? lines : lines.slice(0, most)
  return (
    <section aria-label={title ?? 'What would change'} className="plan">
      {title && <h3>{title}</h3>}
      <Note>{summary(answer, lines)}</Note>
      {failed.length > 0 && <Note look="warn" quote={failed[0]!.text}>{counted(failed.length, 'record')} of {answer.runs.length} would fail.</Note>}
      {lines.length > 0 && <div className="table-box" tabIndex={0} role="group" aria-label="Records and fields"><table className="table plan-table">
        <thead><tr><th>Event</th><th>Record</th><th>What</th><th>Field</th><th>{compared ? 'With what runs now' : 'Now'}</th><th>{compared ? 'With this' : 'Then'}</th></tr></thead>
        <tbody>{shown.flatMap((line, i) => (line.fields.length === 0 ? [null] : line.fields).map((field, j) => <tr key={`${i}.${j}`}>
          {j === 0 && <><td rowSpan={Math.max(1, line.fields.length)}><code>{line.event}</code></td><td rowSpan={Math.max(1, line.fields.length)}>{line.entity}<div className="quiet-text"><code>{recordWords(line.record)}</code></div></td><td rowSpan={Math.max(1, line.fields.length)}>{line.what}</td></>}
          {field === null ? <td colSpan={3} className="quiet-text">No field</td> : <><td><code>{field.name}</code></td><td className="quiet-text">{plain(field.before)}</td><td>{field.knownAfterApply ? <span className="quiet-text">known when it is made</span> : plain(field.after)}</td></>}
        </tr>))}</tbody>
      </table></div>}
      {!all && lines.length > most && <Button size="small" onPress={() => setAll(true)}>Show all {lines.length}</Button>}
    </section>
  )
}

const recordWords = (record: string): string => (record.startsWith('new:') ? 'new ' + record.split(':')[2] : record)

function summary(answer: PlanAnswer, lines: Line[]): string {
  const tried = counted(answer.runs.length, 'event')
  if (answer.differences !== null) return lines.length === 0 ? `${tried} tried: nothing would be written otherwise.` : `${tried} tried: ${counted(lines.length, 'record')} would be written otherwise. Nothing was written.`
  const totals = Object.entries(answer.totals).map(([what, n]) => `${n} × ${what}`).join(', ')
  return totals === '' ? `${tried} tried: nothing would be written.` : `${tried} tried: ${totals}. Nothing was written.`
}
