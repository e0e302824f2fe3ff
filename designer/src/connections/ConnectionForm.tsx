import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import type { Connection, Setting } from '../api/contract'
import { queries } from '../api/queries'
import { words } from '../flow/activities'
import { Button, Choose, Dialog, LiveField } from '../kit/controls'
import { Note } from '../kit/states'

/** A connection by its connector's own settings. Secrets go in and never come out: an empty one stays as it is. */
export function ConnectionForm({ connection, taken, onClose }: { connection: Connection | null; taken: string[]; onClose(name?: string): void }) {
  const connectors = useQuery(queries.connectors).data ?? []
  const [connector, setConnector] = useState(connection?.connector ?? '')
  const [name, setName] = useState(connection?.name ?? '')
  const [title, setTitle] = useState(connection?.title ?? '')
  const [settings, setSettings] = useState<Record<string, string>>(connection?.settings ?? {})
  const [secrets, setSecrets] = useState<Record<string, string>>({})
  const [error, setError] = useState<string | null>(null)
  const client = useQueryClient()
  const found = connectors.find(c => c.name === connector)
  const clash = connection === null && taken.includes(name) ? 'There is a connection of this name.' : null
  async function save() {
    try {
      await api.saveConnection(name, { connector, title: title.trim() || null, settings: Object.fromEntries(Object.entries(settings).filter(([, v]) => v !== '')), secrets: Object.fromEntries(Object.entries(secrets).filter(([, v]) => v !== '')) })
      await client.invalidateQueries({ queryKey: ['connections'] })
      onClose(name)
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e))
    }
  }
  const field = (setting: Setting, secret: boolean) => {
    const kept = secret && connection?.secrets.includes(setting.name)
    const value = (secret ? secrets : settings)[setting.name] ?? ''
    return <LiveField key={setting.name} label={words(setting.name) + (setting.required ? ' *' : '')} type={secret ? 'password' : undefined} value={value} placeholder={kept ? 'Kept as it is' : (setting.default ?? '')} help={setting.description}
      onChange={v => (secret ? setSecrets({ ...secrets, [setting.name]: v }) : setSettings({ ...settings, [setting.name]: v }))} />
  }
  return (
    <Dialog title={connection ? `Connection ${connection.name}` : 'New connection'} isOpen onClose={() => onClose()} foot={<><Button onPress={() => onClose()}>Cancel</Button><Button look="primary" isDisabled={connector === '' || name === '' || clash !== null} onPress={() => void save()}>Save</Button></>}>
      {error && <Note look="error">{error}</Note>}
      {connection === null && <Choose label="System" value={connector || null} placeholder="Choose a system" onChange={v => { setConnector(v); if (name === '') setName(v) }} choices={connectors.map(c => ({ id: c.name, label: c.title }))} />}
      {connection === null && <LiveField label="Name" value={name} onChange={setName} error={clash} help="Letters, digits, - and _. Deployments name it so." />}
      <LiveField label="Title" value={title} onChange={setTitle} placeholder="Which account this is, for people" />
      {found && <>{found.settings.filter(s => s.required || settings[s.name] !== undefined).map(s => field(s, false))}{found.secrets.map(s => field(s, true))}
        <details><summary>More settings</summary><div className="form">{found.settings.filter(s => !s.required && connection?.settings[s.name] === undefined).map(s => field(s, false))}</div></details></>}
    </Dialog>
  )
}
