import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { queries } from '../api/queries'

export interface Sample { id: string; label: string; at: string; data: Record<string, unknown> }

const largest = 256 * 1024
const nameOf = (flow: string) => 'designer.samples.' + flow

function pasted(flow: string): Sample[] {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(flow)) ?? '[]') as Sample[]
  } catch {
    return []
  }
}

/** Records to try a mapping with: those that stand as dead letters of this flow, and what a person pastes (kept in this tab only). */
export function useSamples(flow: string) {
  const [own, setOwn] = useState(() => pasted(flow))
  const deployments = useQuery(queries.deployments)
  const names = (deployments.data?.data ?? []).filter(d => d.flow === flow).map(d => d.name)
  const recorded = useQuery({
    queryKey: ['samples', names], enabled: names.length > 0, staleTime: 60_000,
    queryFn: async () => {
      const letters = (await Promise.all(names.map(name => api.deadLetters({ deployment: name, state: 'all', limit: 10 })))).flatMap(page => page.data).slice(0, 15)
      const details = await Promise.all(letters.map(letter => api.deadLetter(letter.id)))
      return details.filter(d => d.record !== null && d.record !== undefined).map((d): Sample => ({ id: 'dead-' + d.deadLetter.id, label: `${d.deadLetter.entity ?? 'Record'} ${d.deadLetter.record ?? d.deadLetter.key}`, at: d.deadLetter.at, data: { input: d.record, ...(d.outputs ?? {}) } }))
    },
  })
  function add(text: string): string | null {
    if (text.length > largest) return 'This is larger than 256 KB. Take a smaller record.'
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (e) {
      return e instanceof Error ? e.message : String(e)
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'A record is an object: { "name": … }'
    const record = value as Record<string, unknown>
    const data = 'input' in record ? record : { input: record }
    const input = data.input as Record<string, unknown> | null
    const label = String(input?.name ?? input?.Name ?? input?.id ?? 'Pasted record')
    const sample: Sample = { id: 'own-' + Date.now().toString(36), label, at: new Date().toISOString(), data }
    const next = [sample, ...own].slice(0, 10)
    sessionStorage.setItem(nameOf(flow), JSON.stringify(next))
    setOwn(next)
    return null
  }
  return { samples: [...own, ...(recorded.data ?? [])], add }
}
