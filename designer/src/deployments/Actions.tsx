import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pause, Play, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Deployment } from '../api/contract'
import { queries } from '../api/queries'
import { Button, Dialog, LiveField } from '../kit/controls'
import { Empty, Loaded, Note } from '../kit/states'
import { Ago } from '../kit/time'

/** A template with several flows is deployed as one: its flows carry its name before a slash. */
export const deploymentOf = (flow: string): string => flow.split('/')[0]!

export function DeploymentActions({ deployment }: { deployment: Deployment }) {
  const name = deploymentOf(deployment.name)
  const detail = useQuery(queries.deployment(name))
  const client = useQueryClient()
  const [pausing, setPausing] = useState<string | null>(null)
  const [versions, setVersions] = useState(false)
  const [error, setError] = useState<string | null>(null)
  async function act(work: () => Promise<unknown>) {
    try {
      await work()
      setError(null)
      setPausing(null)
      setVersions(false)
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
    await client.invalidateQueries()
  }
  return (
    <>
      {error && <Note look="error">{error}</Note>}
      <div className="row">
        {deployment.state === 'active' ? <Button size="small" onPress={() => setPausing('')}><Pause size={14} aria-hidden />Pause</Button> : <Button size="small" onPress={() => void act(() => api.resume(name))}><Play size={14} aria-hidden />Resume</Button>}
        {detail.data?.origin === 'api' && <><Link className="button small" to="/deploy" search={{ template: undefined, deployment: name, step: undefined }}>Change</Link><Button size="small" onPress={() => setVersions(true)}>Versions</Button></>}
        {detail.data?.origin === 'file' && <span className="quiet-text">Described by a file of the workspace</span>}
      </div>
      <Dialog title={`Pause ${name}?`} isOpen={pausing !== null} onClose={() => setPausing(null)} foot={<><Button onPress={() => setPausing(null)}>Cancel</Button><Button look="primary" isDisabled={!pausing?.trim()} onPress={() => void act(() => api.pause(name, pausing!.trim()))}>Pause</Button></>}>
        <p>Changes are still taken in and wait; nothing is lost.</p>
        <LiveField label="Why" value={pausing ?? ''} onChange={setPausing} autoFocus />
      </Dialog>
      {versions && <Versions name={name} current={detail.data?.number ?? null} onClose={() => setVersions(false)} onRollback={to => void act(() => api.rollback(name, to))} />}
    </>
  )
}

function Versions({ name, current, onClose, onRollback }: { name: string; current: number | null; onClose(): void; onRollback(to: number): void }) {
  const query = useQuery(queries.deploymentVersions(name))
  return (
    <Dialog title={`Versions of ${name}`} wide isOpen onClose={onClose}>
      <p className="help">Going back makes a new version with the old content. Records that were written meanwhile stay as they are.</p>
      <Loaded query={query} what="The versions" isEmpty={v => v.length === 0} empty={<Empty>No version is recorded.</Empty>}>
        {list => <div className="table-box"><table className="table"><thead><tr><th className="right">Number</th><th>Template</th><th>Note</th><th>When</th><th /></tr></thead><tbody>{list.map(v => <tr key={v.number}><td className="right num">{v.number}</td><td>{v.template} <code className="quiet-text">{v.templateHash.slice(0, 8)}</code></td><td>{v.note}</td><td><Ago at={v.createdAt} />{v.createdBy && <div className="quiet-text">{v.createdBy}</div>}</td><td className="right">{v.number === current ? <span className="pill ok">In force</span> : <Button size="small" onPress={() => onRollback(v.number)}><RotateCcw size={14} aria-hidden />Go back to it</Button>}</td></tr>)}</tbody></table></div>}
      </Loaded>
    </Dialog>
  )
}
