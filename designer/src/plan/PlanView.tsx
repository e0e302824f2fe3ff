import { useState } from 'react'
import type { PlanAnswer, PlannedMerge } from '../api/contract'
import { counted } from '../flow/model'
import { Button } from '../kit/controls'
import { plain } from '../kit/plain'
import { Note } from '../kit/states'
import { linesOf, recordWords, ruleWords, type FieldLine, type Line } from './lines'

const most = 25

/** What would happen, record by record and field by field. Nothing of it was written. */
export function PlanView({ answer, title }: { answer: PlanAnswer; title?: string }) {
  const [all, setAll] = useState(false)
  const compared = answer.differences !== null
  const lines = linesOf(answer)
  const failed = answer.runs.filter(r => r.outcome === 'failed' || r.outcome === 'refused')
  const shown = all ? lines : lines.slice(0, most)
  return (
    <section aria-label={title ?? 'What would change'} className="plan">
      {title && <h3>{title}</h3>}
      <Note>{summary(answer, lines)}</Note>
      {failed.length > 0 && <Note look="warn" quote={failed[0]!.text}>{counted(failed.length, 'record')} of {answer.runs.length} would fail.</Note>}
      {lines.length > 0 && <div className="table-box" tabIndex={0} role="group" aria-label="Records and fields"><table className="table plan-table">
        <thead><tr><th>Event</th><th>Record</th><th>What</th><th>Field</th><th>{compared ? 'With what runs now' : 'Now'}</th><th>{compared ? 'With this' : 'Then'}</th></tr></thead>
        <tbody>{shown.flatMap((line, i) => (line.fields.length === 0 ? [null] : line.fields).map((row, j) => <tr key={`${i}.${j}`}>
          {j === 0 && <><td rowSpan={Math.max(1, line.fields.length)}><code>{line.event}</code></td><td rowSpan={Math.max(1, line.fields.length)}>{line.entity}<div className="quiet-text"><code>{recordWords(line.record)}</code></div></td><td rowSpan={Math.max(1, line.fields.length)}>{line.what}{line.merge && <MergeOf merge={line.merge} />}</td></>}
          {row === null ? <td colSpan={3} className="quiet-text">{line.merge ? 'No field changes, no value is lost' : 'No field'}</td> : <FieldCells row={row} survivor={line.record} />}
        </tr>))}</tbody>
      </table></div>}
      {!all && lines.length > most && <Button size="small" onPress={() => setAll(true)}>Show all {lines.length}</Button>}
    </section>
  )
}

/** Which records go up in the one that stays, and why they are the same. */
const MergeOf = ({ merge }: { merge: PlannedMerge }) => (
  <div className="quiet-text">
    <div>takes in {merge.absorbed.map((id, i) => <span key={id}>{i > 0 && ', '}<code>{recordWords(id)}</code></span>)}</div>
    {merge.because && <div>because: {merge.because}</div>}
  </div>
)

function FieldCells({ row: { name, field, kept }, survivor }: { row: FieldLine; survivor: string }) {
  return <>
    <td className="field-name"><code>{name}</code></td>
    <td className="quiet-text">{field && plain(field.before)}{kept?.lost.filter(lost => !field || lost.record !== survivor).map(lost => <div key={lost.record}>{plain(lost.value)}<div className="mark changed">{lost.record === survivor ? 'is replaced' : <>is lost with <code>{recordWords(lost.record)}</code></>}</div></div>)}</td>
    <td>{field?.knownAfterApply ? <span className="quiet-text">known when it is made</span> : plain(field ? field.after : kept?.value)}{kept && <div className="quiet-text">{ruleWords(kept.rule)}{kept.of !== null && kept.of !== survivor && <>, from <code>{recordWords(kept.of)}</code></>}</div>}</td>
  </>
}

function summary(answer: PlanAnswer, lines: Line[]): string {
  const tried = counted(answer.runs.length, 'event')
  if (answer.differences !== null) return lines.length === 0 ? `${tried} tried: nothing would be written otherwise.` : `${tried} tried: ${counted(lines.length, 'record')} would be written otherwise. Nothing was written.`
  const totals = Object.entries(answer.totals).map(([what, n]) => `${n} × ${what}`).join(', ')
  return totals === '' ? `${tried} tried: nothing would be written.` : `${tried} tried: ${totals}. Nothing was written.`
}
