import { useQuery } from '@tanstack/react-query'
import { queries } from '../api/queries'
import { words } from './activities'

/** Systems are named by the catalogue: the words of a name alone would misspell them, so a name waits for it. */
export function useSystemTitle(): (name: string) => string {
  const { data, isPending } = useQuery(queries.connectors)
  return name => data?.find(c => c.name === name)?.title ?? (isPending ? '…' : words(name))
}
