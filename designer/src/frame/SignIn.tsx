import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { ask, credential, Problem } from '../api/http'
import { Button, LiveField } from '../kit/controls'

/** Shown when the server asks who is there. The key stays in this tab only. */
export function SignIn({ onDone }: { onDone(): void }) {
  const [key, setKey] = useState(credential.get() ?? '')
  const [error, setError] = useState<string | null>(null)
  const queries = useQueryClient()
  async function submit(e: FormEvent) {
    e.preventDefault()
    credential.set(key.trim())
    try {
      await ask('/api/deployments')
      await queries.resetQueries()
      onDone()
    } catch (problem) {
      credential.clear()
      setError(problem instanceof Problem && problem.status === 401 ? 'The server does not know this key, or it has expired.' : problem instanceof Error ? problem.message : String(problem))
    }
  }
  return (
    <main className="sign-in">
      <form onSubmit={e => void submit(e)}>
        <h1>Sign in</h1>
        <p className="quiet-text">This server asks for an API key. An admin of your workspace can make one.</p>
        <LiveField label="API key" type="password" value={key} onChange={setKey} error={error} autoFocus />
        <Button look="primary" type="submit" isDisabled={key.trim() === ''}>Sign in</Button>
      </form>
    </main>
  )
}
