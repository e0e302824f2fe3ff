import { useQueries, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/client'
import { Problem } from '../api/http'
import { queries } from '../api/queries'
import { deploymentOf } from '../deployments/Actions'
import { useDocument, useDocumentState } from '../document/context'
import { Button, Dialog, LiveField } from '../kit/controls'
import { Note } from '../kit/states'
import { useDeploymentsOf } from './overlay'

/** A version of the template is its content; what runs changes only when a deployment takes it. */
export function Publish({ onClose }: { onClose(): void }) {
  const document = useDocument()
  const id = useDocumentState(s => s.opened.id)
  const errors = useDocumentState(s => s.diagnostics.filter(d => d.severity === 'error').length)
  const [note, setNote] = useState('')
  const [state, setState] = useState<{ done?: string; error?: Problem | Error }>({})
  const client = useQueryClient()
  const flow = useDocumentState(s => s.model?.id ?? '')
  const names = [...new Set(useDeploymentsOf(flow).map(d => deploymentOf(d.name)))]
  // What a file of the workspace describes is given a version there.
  const own = useQueries({ queries: names.map(name => queries.deployment(name)) }).flatMap(q => (q.data?.origin === 'api' ? [q.data.name] : []))
  async function publish() {
    setState({})
    try {
      const template = await api.publishTemplate(id, document.files(), note.trim() || null)
      await client.invalidateQueries()
      setState({ done: template.version ?? template.hash.slice(0, 8) })
    } catch (e) {
      setState({ error: e as Error })
    }
  }
  if (state.done) return <Dialog title="Published" isOpen onClose={onClose} foot={<><Button onPress={onClose}>Close</Button>{own.map(name => <Link key={name} className="button primary" to="/deploy" search={{ template: undefined, deployment: name, step: 'review' }}>Give it to {name}</Link>)}{own.length === 0 && <Link className="button primary" to="/deploy" search={{ template: id, deployment: undefined, step: undefined }}>Deploy it</Link>}</>}><Note>Version {state.done} is published. Deployments keep the version they run until they are given this one.</Note></Dialog>
  return (
    <Dialog title="Publish a version" isOpen onClose={onClose} foot={<><Button onPress={onClose}>Cancel</Button><Button look="primary" isDisabled={errors > 0} onPress={() => void publish()}>Publish</Button></>}>
      {errors > 0 && <Note look="warn">{errors === 1 ? 'One error stands' : `${errors} errors stand`} in the way. A version must be without errors.</Note>}
      {state.error && <Note look="error" quote={state.error instanceof Problem && state.error.requestId ? `Request ${state.error.requestId}` : null}>{state.error.message}</Note>}
      <LiveField label="Note" value={note} onChange={setNote} placeholder="What changed, and why" help="Shown in the list of versions." />
    </Dialog>
  )
}
