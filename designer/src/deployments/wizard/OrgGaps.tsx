import { Copy, Wrench } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client'
import type { DeploymentSpecification, OrgGap, OrgPreparation } from '../../api/contract'
import { words } from '../../flow/activities'
import { counted } from '../../flow/model'
import { Button, Dialog } from '../../kit/controls'
import { Note } from '../../kit/states'

const nameOf = (gap: OrgGap) => (gap.field === null ? gap.entity : `${gap.entity}.${gap.field}`)
const kinds: Record<OrgGap['kind'], string> = { object: 'The object is missing', field: 'The field is missing', type: 'Another type', externalId: 'No external id', unique: 'Not unique', writable: 'Not writable' }

/** What the orgs lack of what the flow requires: told by name, and made on request. */
export function OrgGaps({ name, body, gaps, onDone }: { name: string; body: DeploymentSpecification; gaps: OrgGap[]; onDone(): void }) {
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [copied, setCopied] = useState(false)
  const [done, setDone] = useState<OrgPreparation | null>(null)
  const [error, setError] = useState<string | null>(null)
  const orgs = [...new Set(gaps.map(gap => gap.connection))]
  const wanted = gaps.filter(gap => gap.canCreate)
  async function make() {
    setAsking(false)
    setBusy(true)
    try {
      setDone(await api.prepare(name, body))
      setError(null)
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
    setBusy(false)
    onDone()
  }
  const copy = () => void navigator.clipboard.writeText(gaps.map(nameOf).join('\n')).then(() => setCopied(true), () => setError('The names cannot be copied here. Select them in the list.'))
  return (
    <>
      {done && done.made.length > 0 && <Note quote={done.made.join(', ')}>{counted(done.made.length, 'field')} made. The user of the connection may read and write {done.made.length === 1 ? 'it' : 'them'}.</Note>}
      {done?.problems.map(problem => <Note key={problem} look="error">{problem}</Note>)}
      {error && <Note look="error">{error}</Note>}
      {gaps.length > 0 && <section aria-label="What is missing" className="form" style={{ padding: 0 }}>
        <h3>{orgs.join(' and ')} {orgs.length === 1 ? 'lacks' : 'lack'} what the flow requires</h3>
        <div className="table-box"><table className="table"><thead><tr>{orgs.length > 1 && <th>Connection</th>}<th>Field</th><th>Needed as</th><th>What is the matter</th></tr></thead>
          <tbody>{gaps.map((gap, i) => <tr key={i}>{orgs.length > 1 && <td>{gap.connection}</td>}<td><code className="select-all">{nameOf(gap)}</code></td><td>{gap.type ? words(gap.type) : ''}</td><td>{kinds[gap.kind]}<div className="quiet-text">{gap.message}</div></td></tr>)}</tbody></table></div>
        <div className="row">
          {wanted.length > 0 && <Button onPress={() => setAsking(true)} isDisabled={busy}><Wrench size={14} aria-hidden />{busy ? 'Making them' : `Make ${counted(wanted.length, 'field')}`}</Button>}
          <Button look="quiet" onPress={copy}><Copy size={14} aria-hidden />{copied ? 'Copied' : 'Copy the names'}</Button>
        </div>
      </section>}
      <Dialog title={`Make ${counted(wanted.length, 'field')}?`} isOpen={asking} onClose={() => setAsking(false)} foot={<><Button onPress={() => setAsking(false)}>Cancel</Button><Button look="primary" onPress={() => void make()}>Make {wanted.length === 1 ? 'it' : 'them'}</Button></>}>
        <p>New fields in {[...new Set(wanted.map(gap => gap.connection))].join(' and ')}, readable and writable for the user of the connection through the permission set <code>Workflow_Engine</code>. Records stay as they are.</p>
        <ul className="plain-list">{wanted.map((gap, i) => <li key={i}><code>{nameOf(gap)}</code> <span className="quiet-text">{gap.type ? words(gap.type) : ''}</span></li>)}</ul>
      </Dialog>
    </>
  )
}
