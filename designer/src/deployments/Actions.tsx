import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import type { Deployment } from '../api/contract'
import { queries } from '../api/queries'
import { Button, Dialog, LiveField } from '../kit/controls'
import { counted } from '../flow/model'
import { Note } from '../kit/states'

/** A template with several flows is deployed as one: its flows carry its name before a slash. */
export const deploymentOf = (flow: string): string => flow.split('/')[0]!

export function DeploymentActions({ deployment }: { deployment: Deployment }) {
  const name = deploymentOf(deployment.name)
  const detail = useQuery(queries.deployment(name))
  const client = useQueryClient()
  const [pausing, setPausing] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  const waits = deployment.waiting.ready + deployment.waiting.behind + deployment.waiting.delayed
  const [error, setError] = useState<string | null>(null)
  async function act(work: () => Promise<unknown>) {
    try {
      await work()
      setError(null)
      setPausing(null)
      setLeaving(false)
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
        {detail.data?.origin === 'api' && <><Link className="button small" to="/deploy" search={{ template: undefined, deployment: name, step: undefined }}>Change</Link><Link className="button small" to="/versions" search={{ deployment: name, before: undefined, after: undefined }}>Versions</Link><Button size="small" look="danger" onPress={() => setLeaving(true)}>Take away</Button></>}
        {detail.data?.origin === 'file' && <span className="quiet-text">Described by a file of the workspace</span>}
      </div>
      <Dialog title={`Take ${name} away?`} isOpen={leaving} onClose={() => setLeaving(false)} foot={<><Button onPress={() => setLeaving(false)}>Keep it</Button><Button look="danger" onPress={() => void act(() => api.deleteDeployment(name))}>Take it away</Button></>}>
        <p>It stops for good. {waits > 0 ? `${counted(waits, 'record')} that ${waits === 1 ? 'waits ends' : 'wait end'} without doing anything, and a` : 'A'} backfill and questions that are open end. What was written stays in both systems; its runs and dead letters stay readable.</p>
      </Dialog>
      <Dialog title={`Pause ${name}?`} isOpen={pausing !== null} onClose={() => setPausing(null)} foot={<><Button onPress={() => setPausing(null)}>Cancel</Button><Button look="primary" isDisabled={!pausing?.trim()} onPress={() => void act(() => api.pause(name, pausing!.trim()))}>Pause</Button></>}>
        <p>Changes are still taken in and wait; nothing is lost.</p>
        <LiveField label="Why" value={pausing ?? ''} onChange={setPausing} autoFocus />
      </Dialog>
    </>
  )
}
