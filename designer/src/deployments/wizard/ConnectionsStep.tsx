import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import type { ConnectionTest } from '../../api/contract'
import { queries } from '../../api/queries'
import { ConnectionForm } from '../../connections/ConnectionForm'
import { TestResult } from '../../connections/ConnectionsScreen'
import { useSystemTitle } from '../../flow/systems'
import { Button, Choose } from '../../kit/controls'
import { Loaded } from '../../kit/states'

export function ConnectionsStep({ needs, chosen, onChange }: { needs: Record<string, string>; chosen: Record<string, string>; onChange(connections: Record<string, string>): void }) {
  const query = useQuery(queries.connections)
  const systemTitle = useSystemTitle()
  const [making, setMaking] = useState<string | null>(null)
  const [results, setResults] = useState<Record<string, ConnectionTest | { failed: string }>>({})
  return (
    <Loaded query={query} what="The connections">{list => <>
      {Object.entries(needs).map(([logical, connector]) => {
        const fits = list.filter(c => c.connector === connector)
        const value = chosen[logical]
        return (
          <div key={logical} className="field">
            <Choose label={systemTitle(connector) + (logical === connector ? '' : ` (${logical})`)} value={value ?? null} placeholder={fits.length === 0 ? 'No connection yet' : 'Choose a connection'} onChange={v => onChange({ ...chosen, [logical]: v })} choices={fits.map(c => ({ id: c.name, label: c.title ?? c.name, help: c.realm ?? undefined }))} />
            <div className="row"><Button size="small" isDisabled={!value} onPress={() => void api.testConnection(value!).catch((e: Error) => ({ failed: e.message })).then(r => setResults(now => ({ ...now, [value!]: r })))}>Test it</Button><Button size="small" look="quiet" onPress={() => setMaking(logical)}>New connection</Button></div>
            <TestResult result={value ? (results[value] ?? null) : null} />
          </div>
        )
      })}
      {making && <ConnectionForm connection={null} taken={list.map(c => c.name)} onClose={name => { setMaking(null); if (name) onChange({ ...chosen, [making]: name }) }} />}
    </>}</Loaded>
  )
}
