import { QueryClient } from '@tanstack/react-query'
import { api } from './client'
import { Offline, Problem } from './http'

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      networkMode: 'always',
      retry: (count, error) => error instanceof Offline ? count < 2 : error instanceof Problem ? error.status >= 500 && count < 1 : false,
    },
  },
})

const forLong = { staleTime: 10 * 60_000 }

export const queries = {
  connectors: { queryKey: ['connectors'], queryFn: api.connectors, ...forLong },
  entity: (connector: string, entity: string, connection: string | null = null) => ({ queryKey: ['entity', connector, entity, connection], queryFn: () => api.entity(connector, entity, connection), ...forLong }),
  operation: (connector: string, operation: string) => ({ queryKey: ['operation', connector, operation], queryFn: () => api.operation(connector, operation), ...forLong }),
  functions: { queryKey: ['functions'], queryFn: api.functions, ...forLong },
  flowSchema: { queryKey: ['flowSchema'], queryFn: api.flowSchema, ...forLong },
  drafts: { queryKey: ['drafts'], queryFn: api.drafts },
  templates: { queryKey: ['templates'], queryFn: api.templates },
  template: (id: string) => ({ queryKey: ['template', id], queryFn: () => api.template(id) }),
  deployments: { queryKey: ['deployments'], queryFn: api.deployments },
  deployment: (name: string) => ({ queryKey: ['deployment', name], queryFn: () => api.deployment(name) }),
  deploymentVersions: (name: string) => ({ queryKey: ['deploymentVersions', name], queryFn: () => api.deploymentVersions(name) }),
  connections: { queryKey: ['connections'], queryFn: api.connections },
  me: { queryKey: ['me'], queryFn: api.me, staleTime: 60_000 },
  incidents: (everything: boolean) => ({ queryKey: ['incidents', everything], queryFn: () => api.incidents(everything) }),
}
