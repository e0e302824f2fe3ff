import { RefreshCw } from 'lucide-react'
import { Button, Choose } from '../kit/controls'
import { Ago } from '../kit/time'
import type { useOrg } from './useOrg'

/** Whose fields these are, and how old the reading is. */
export function OrgBar({ org }: { org: ReturnType<typeof useOrg> }) {
  if (org.choices.length === 0) return <div className="org-bar quiet-text">Fields of the catalogue. With a connection the org's own are shown too.</div>
  return (
    <div className="org-bar">
      <span className="quiet-text">Fields of</span>
      <Choose label="Fields of" hideLabel value={org.connection ?? ''} onChange={org.choose} choices={[...org.choices.map(c => ({ id: c.name, label: c.title ?? c.name, help: c.realm ?? undefined })), { id: '', label: 'the catalogue only' }]} />
      <span className={'cut ' + (org.problem ? 'warn' : 'quiet-text')} title={org.problem?.message}>{org.problem ? `Not read: ${org.problem.message}` : org.entity?.readAt ? <>read <Ago at={org.entity.readAt} /></> : ''}</span>
      {org.connection !== null && <Button look="quiet" size="small" icon tip="Read the fields again" isDisabled={org.reading} onPress={() => void org.refresh()}><RefreshCw size={14} /></Button>}
    </div>
  )
}
