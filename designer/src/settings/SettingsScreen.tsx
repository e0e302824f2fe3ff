import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { NewKey } from '../api/contract'
import { credential } from '../api/http'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { words } from '../flow/activities'
import { Top } from '../frame/Frame'
import { Button, Choose, Dialog, LiveField } from '../kit/controls'
import { Empty, Loaded, Note } from '../kit/states'
import { Ago } from '../kit/time'

const roles = [
  { id: 'viewer', label: 'Viewer', help: 'Reads everything but records and secrets' }, { id: 'operator', label: 'Operator', help: 'Also replays, discards, pauses' },
  { id: 'author', label: 'Author', help: 'Also edits and deploys flows' }, { id: 'admin', label: 'Admin', help: 'Also connections, keys and the audit' },
]

export function SettingsScreen() {
  const me = useQuery(queries.me)
  const doctor = useQuery({ queryKey: ['doctor'], queryFn: api.doctor, enabled: false })
  const leave = () => { credential.clear(); location.reload() }
  useOffer({ title: here, commands: [...(doctor.isFetching ? [] : [{ id: 'health', title: 'Look at the health now', run: () => void doctor.refetch() }]), ...(credential.get() ? [{ id: 'out', title: 'Sign out', run: leave }] : [])] })
  return (
    <>
      <Top title="Settings" />
      <main className="page"><div className="wide">
        <section className="panel" aria-label="You"><header><h2 className="grow">You</h2>{credential.get() && <Button size="small" onPress={leave}>Sign out</Button>}</header>
          <Loaded query={me} what="Who you are">{m => <dl className="facts"><dt>Name</dt><dd>{m.name}</dd><dt>Role</dt><dd>{words(m.role)}</dd><dt>Workspace</dt><dd>{m.workspace}</dd></dl>}</Loaded>
        </section>
        <Keys />
        <section className="panel" aria-label="Health"><header><h2 className="grow">Health</h2><Button size="small" onPress={() => void doctor.refetch()} isDisabled={doctor.isFetching}>{doctor.isFetching ? 'Looking' : 'Look now'}</Button></header>
          {doctor.error ? <Note look="error">{doctor.error.message}</Note> : !doctor.data ? <p className="quiet-text">Opens every connection and looks at database, disk and keys.</p>
            : <ul className="problems">{doctor.data.data.map((d, i) => <li key={i} className="row"><span className={'state ' + (d.good ? 'ok' : 'error')}>{d.good ? <CircleCheck size={15} aria-hidden /> : <CircleAlert size={15} aria-hidden />}{words(d.check)}</span><span className="grow">{d.message}</span></li>)}</ul>}
        </section>
      </div></main>
    </>
  )
}

function Keys() {
  const keys = useQuery({ queryKey: ['keys'], queryFn: api.keys })
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState('')
  const [role, setRole] = useState('operator')
  const [days, setDays] = useState('90')
  const [made, setMade] = useState<NewKey | null>(null)
  const [error, setError] = useState<string | null>(null)
  useOffer({ title: here, commands: [{ id: 'key', title: 'New key', run: () => setAdding(true) }] })
  async function add() {
    try {
      setMade(await api.addKey({ name: name.trim(), role, expiresInDays: Number(days) }))
      setAdding(false)
      setError(null)
      await client.invalidateQueries({ queryKey: ['keys'] })
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
  }
  async function revoke(id: string) {
    await api.revokeKey(id).catch((e: Error) => setError(e.message))
    await client.invalidateQueries({ queryKey: ['keys'] })
  }
  return (
    <section className="panel" aria-label="API keys"><header><h2 className="grow">API keys</h2><Button size="small" onPress={() => setAdding(true)}><Plus size={14} aria-hidden />New key</Button></header>
      {error && !adding && <Note look="error">{error}</Note>}
      <Loaded query={keys} what="The keys" isEmpty={k => k.length === 0} empty={<Empty icon={KeyRound}>No keys yet. Programs and people elsewhere need one.</Empty>}>
        {list => <div className="table-box"><table className="table"><thead><tr><th>Name</th><th>Role</th><th>Ends</th><th><span className="hidden">Actions</span></th></tr></thead><tbody>{list.map(k => <tr key={k.id}><td className="name">{k.name}</td><td>{words(k.role)}</td><td><Ago at={k.expiresAt} /></td><td className="right"><Button size="small" look="danger" onPress={() => void revoke(k.id)}>End it now</Button></td></tr>)}</tbody></table></div>}
      </Loaded>
      <Dialog title="New key" isOpen={adding} onClose={() => setAdding(false)} foot={<><Button onPress={() => setAdding(false)}>Cancel</Button><Button look="primary" isDisabled={name.trim() === '' || !/^\d+$/.test(days)} onPress={() => void add()}>Make the key</Button></>}>
        {error && <Note look="error">{error}</Note>}
        <LiveField label="Name" value={name} onChange={setName} autoFocus placeholder="Who or what uses it" />
        <Choose label="Role" value={role} onChange={setRole} choices={roles} />
        <LiveField label="Days until it ends" value={days} onChange={setDays} />
      </Dialog>
      <Dialog title="The new key" isOpen={made !== null} onClose={() => setMade(null)} foot={<Button look="primary" onPress={() => setMade(null)}>I have kept it</Button>}>
        <Note look="warn">It is shown this once. Keep it where secrets are kept.</Note>
        <pre className="json">{made?.key}</pre>
      </Dialog>
    </section>
  )
}
