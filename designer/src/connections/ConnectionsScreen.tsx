import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Cable, CircleAlert, CircleCheck, Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Connection, ConnectionTest } from '../api/contract'
import { queries } from '../api/queries'
import { useSystemTitle } from '../flow/systems'
import { Top } from '../frame/Frame'
import { Button, Dialog } from '../kit/controls'
import { Empty, Loaded, Note } from '../kit/states'
import { Ago } from '../kit/time'
import { here, useOffer } from '../commands/offers'
import { ConnectionForm } from './ConnectionForm'

export function ConnectionsScreen() {
  const query = useQuery(queries.connections)
  const [editing, setEditing] = useState<Connection | 'new' | null>(null)
  useOffer({ title: here, commands: [{ id: 'new', title: 'New connection', run: () => setEditing('new') }, ...(query.data ?? []).map(c => ({ id: c.name, title: `Change ${c.name}`, run: () => setEditing(c) }))] })
  return (
    <>
      <Top title="Connections" actions={<Button look="primary" onPress={() => setEditing('new')}><Plus size={15} aria-hidden />New connection</Button>} />
      <main className="page"><div className="wide">
        <Loaded query={query} what="The connections" isEmpty={c => c.length === 0} empty={<Empty icon={Cable} action={<Button look="primary" onPress={() => setEditing('new')}>New connection</Button>}>No connections yet. A flow needs one for each system it works with.</Empty>}>
          {list => <div className="cards">{list.map(c => <Card key={c.name} connection={c} onEdit={() => setEditing(c)} />)}</div>}
        </Loaded>
      </div></main>
      {editing && <ConnectionForm connection={editing === 'new' ? null : editing} taken={(query.data ?? []).map(c => c.name)} onClose={() => setEditing(null)} />}
    </>
  )
}

export function TestResult({ result }: { result: ConnectionTest | { failed: string } | null }) {
  if (result === null) return null
  if ('failed' in result) return <Note look="error">{result.failed}</Note>
  if (!result.works) return <Note look="error" quote={[result.code, ...result.missing].filter(Boolean).join(' · ')}>{result.message ?? 'It does not work.'}</Note>
  return result.missing.length > 0 ? <Note look="warn" quote={result.missing.join(' ')}>It opens, but something is missing for the flows that use it.</Note> : <Note>It works{result.realm ? `: ${result.realm}` : ''}.</Note>
}

function Card({ connection: c, onEdit }: { connection: Connection; onEdit(): void }) {
  const client = useQueryClient()
  const systemTitle = useSystemTitle()
  const [result, setResult] = useState<ConnectionTest | { failed: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)
  async function test() {
    setBusy(true)
    setResult(await api.testConnection(c.name).catch((e: Error) => ({ failed: e.message })))
    setBusy(false)
  }
  async function remove() {
    setDeleting(false)
    try {
      await api.deleteConnection(c.name)
      await client.invalidateQueries({ queryKey: ['connections'] })
    } catch (e) {
      setResult({ failed: e instanceof Error ? e.message : String(e) })
    }
  }
  return (
    <section className="panel" aria-label={c.name}>
      <header><h2 className="grow cut">{c.title ?? c.name}</h2><span className="quiet-text">{systemTitle(c.connector)}</span></header>
      <dl className="facts">
        <dt>Name</dt><dd><code>{c.name}</code></dd>
        {c.realm && <><dt>Account</dt><dd><code>{c.realm}</code></dd></>}
        <dt>Secrets</dt><dd>{c.secrets.length > 0 ? c.secrets.join(', ') : 'none'} <span className="quiet-text">never shown</span></dd>
        <dt>Used by</dt><dd>{c.deployments.length > 0 ? c.deployments.join(', ') : 'nothing'}</dd>
        <dt>Kept in</dt><dd>{c.origin === 'file' ? 'a file of the workspace' : <>this server, changed <Ago at={c.updatedAt} />{c.updatedBy && ` by ${c.updatedBy}`}</>}</dd>
      </dl>
      <TestResult result={result} />
      <div className="row">
        <Button size="small" onPress={() => void test()} isDisabled={busy}>{busy ? 'Testing' : 'Test'}</Button>
        {c.origin === 'api' && <><Button size="small" onPress={onEdit}>Edit</Button><Button size="small" look="danger" isDisabled={c.deployments.length > 0} onPress={() => setDeleting(true)}>Delete</Button></>}
        {result !== null && 'works' in result && result.works && <span className="state ok"><CircleCheck size={14} aria-hidden />Works</span>}
        {result !== null && !('works' in result && result.works) && <span className="state error"><CircleAlert size={14} aria-hidden />Does not work</span>}
      </div>
      <Dialog title={`Delete ${c.name}?`} isOpen={deleting} onClose={() => setDeleting(false)} foot={<><Button onPress={() => setDeleting(false)}>Cancel</Button><Button look="danger" onPress={() => void remove()}>Delete</Button></>}><p>Its secrets are gone then. Nothing is changed in {systemTitle(c.connector)}.</p></Dialog>
    </section>
  )
}
