import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import type { Deployment, SourceFile } from '../api/contract'
import { Problem } from '../api/http'
import { Button, Choose, Dialog } from '../kit/controls'
import { Empty, Note, SkeletonTable } from '../kit/states'
import { PlanView } from './PlanView'

/** What the text as it stands would do otherwise than what runs, over the records of the last runs. */
export function PlanDialog({ deployments, files, onClose }: { deployments: Deployment[]; files: SourceFile[]; onClose(): void }) {
  if (deployments.length > 0) return <Planned deployments={deployments} files={files} onClose={onClose} />
  return <Dialog title="What would change" isOpen onClose={onClose} foot={<Button onPress={onClose}>Close</Button>}><Empty>A plan reads the records of a deployment. Publish this flow and deploy it; before the button there you see what it would write.</Empty></Dialog>
}

function Planned({ deployments, files, onClose }: { deployments: Deployment[]; files: SourceFile[]; onClose(): void }) {
  const [deployment, setDeployment] = useState(deployments[0]!.name)
  const [recent, setRecent] = useState('25')
  const [asked, setAsked] = useState({ deployment, recent })
  const plan = useQuery({ queryKey: ['plan', asked, JSON.stringify(files)], queryFn: ({ signal }) => api.plan({ deployment: asked.deployment, files, recent: Number(asked.recent) }, signal), staleTime: 60_000, gcTime: 0, retry: false })
  return (
    <Dialog title="What would change" wide isOpen onClose={onClose} foot={<Button onPress={onClose}>Close</Button>}>
      <form className="filters" onSubmit={e => { e.preventDefault(); setAsked({ deployment, recent }) }}>
        <Choose label="Deployment" value={deployment} onChange={setDeployment} choices={deployments.map(d => ({ id: d.name, label: d.name }))} />
        <Choose label="Records of the last runs" value={recent} onChange={setRecent} choices={['10', '25', '100', '500'].map(id => ({ id, label: id }))} />
        <Button type="submit" className="low">Try again</Button>
      </form>
      <p className="help">The records are read now; everything they would write stays on this server. No system is changed.</p>
      {plan.error ? plan.error instanceof Problem && plan.error.status === 400 ? <Empty>{plan.error.message}</Empty> : <Note look="error">{plan.error.message}</Note> : plan.isFetching || !plan.data ? <SkeletonTable rows={4} /> : <PlanView answer={plan.data} />}
    </Dialog>
  )
}
