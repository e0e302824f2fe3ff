// Every call of the designer. A change of an endpoint is a change of this file.
import type {
  AuditRow, Backfill, Budget, CheckAnswer, Connection, ConnectionTest, Connector, DeadLetter, DeadLetterDetail, DeadLetterGroup, DeployAnswer, Deployment, DeploymentDetail, DeploymentSpecification, DeploymentVersion, Doctor, Draft, DraftContent, DraftSummary, Entity, Incident, Key, LibraryFunction, Me, NewKey, Operation, OrgPreparation, Page, PlanAnswer, PlanRequest, PreviewAnswer,
  PreviewRequest, ReplayAnswer, Review, ReviewDetail, Run, RunDetail, SourceFile, StepCounts, Template, TemplateSummary, Why, Decision,
} from './contract'
import { ask, query, type Answer } from './http'

const name = encodeURIComponent
/** A deployment of a template with several flows is named with a slash. */
const nameInPath = (deployment: string) => deployment.split('/').map(name).join('/')
const data = async <T>(answer: Promise<Answer<T>>): Promise<T> => (await answer).data

/** All pages of a list, up to a bound that no screen needs more than. */
async function all<T>(path: string, most = 1000): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await data(ask<Page<T>>(path + (path.includes('?') ? '&' : '?') + 'limit=200' + (cursor === null ? '' : '&cursor=' + name(cursor))))
    rows.push(...page.data)
    cursor = page.next ?? null
  } while (cursor !== null && rows.length < most)
  return rows
}

export const api = {
  check: (files: SourceFile[], signal?: AbortSignal) => data(ask<CheckAnswer>('/api/flows/check', { method: 'POST', body: { files, explain: false }, signal })),
  preview: (request: PreviewRequest, signal?: AbortSignal) => data(ask<PreviewAnswer>('/api/preview', { method: 'POST', body: request, signal })),
  flowSchema: () => data(ask<Record<string, unknown>>('/schema/flow.schema.json')),

  drafts: () => all<DraftSummary>('/api/drafts'),
  draft: (id: string) => ask<Draft>(`/api/drafts/${name(id)}`),
  saveDraft: (id: string, content: DraftContent, etag: string | null) =>
    ask<Draft>(`/api/drafts/${name(id)}`, { method: 'PUT', body: content, headers: etag === null ? { 'If-None-Match': '*' } : { 'If-Match': etag } }),
  deleteDraft: (id: string, etag: string) => ask<void>(`/api/drafts/${name(id)}`, { method: 'DELETE', headers: { 'If-Match': etag } }),

  connectors: async () => (await data(ask<{ connectors: Connector[] }>('/api/catalog'))).connectors,
  entity: (connector: string, entity: string, connection?: string | null, refresh?: boolean) => data(ask<Entity>(`/api/catalog/${name(connector)}/${name(entity)}${query({ connection, refresh: refresh || undefined })}`)),
  operation: (connector: string, operation: string) => data(ask<Operation>(`/api/catalog/${name(connector)}/operations/${name(operation)}`)),
  functions: async () => (await data(ask<{ functions: LibraryFunction[] }>('/api/catalog/functions'))).functions,

  templates: () => all<TemplateSummary>('/api/templates'),
  template: (id: string, version?: string) => data(ask<Template>(`/api/templates/${name(id)}${query({ version })}`)),
  publishTemplate: (id: string, files: SourceFile[], note: string | null) => data(ask<Template>(`/api/templates/${name(id)}`, { method: 'PUT', body: { files, note } })),

  runs: (filter: { deployment?: string; flow?: string; outcome?: string; key?: string; record?: string; since?: string; cursor?: string; limit?: number }) => data(ask<Page<Run>>('/api/runs' + query(filter))),
  run: (id: string) => data(ask<RunDetail>(`/api/runs/${name(id)}`)),
  stepCounts: (deployment: string) => data(ask<StepCounts>('/api/runs/steps' + query({ deployment }))),
  why: async (about: { connection: string; entity: string; record: string; field?: string }) => (await data(ask<{ data: Why[] }>('/api/why' + query(about)))).data,
  plan: (body: PlanRequest, signal?: AbortSignal) => data(ask<PlanAnswer>('/api/flows/plan', { method: 'POST', body, signal })),
  liveRuns: (deployment: string | undefined) => `/api/runs/live${query({ deployment })}`,

  deadLetters: (filter: { deployment?: string; state?: string; key?: string; fingerprint?: string; cursor?: string; limit?: number }) => data(ask<Page<DeadLetter>>('/api/dead-letters' + query(filter))),
  deadLetterGroups: async (deployment?: string) => (await data(ask<{ data: DeadLetterGroup[] }>('/api/dead-letters/groups' + query({ deployment })))).data,
  deadLetter: (id: number) => data(ask<DeadLetterDetail>(`/api/dead-letters/${id}`)),
  replay: (what: { ids?: number[]; fingerprint?: string; deployment?: string; from: 'start' | 'step' }) => data(ask<ReplayAnswer>('/api/dead-letters/replay', { method: 'POST', body: what })),
  discard: (id: number, reason: string) => data(ask<unknown>(`/api/dead-letters/${id}`, { method: 'PATCH', body: { discard: reason } })),
  replayChanged: (id: number, payload: unknown) => data(ask<unknown>(`/api/dead-letters/${id}`, { method: 'PATCH', body: { payload } })),

  reviews: (filter: { deployment?: string; state?: string; cursor?: string; limit?: number }) => data(ask<Page<Review>>('/api/reviews' + query(filter))),
  review: (id: string) => data(ask<ReviewDetail>(`/api/reviews/${name(id)}`)),
  decide: (id: string, body: { decision: Decision; record: string | null; comment: string | null }) => data(ask<Review>(`/api/reviews/${name(id)}/decision`, { method: 'POST', body })),

  deployments: async () => data(ask<{ data: Deployment[]; pauses: string[] }>('/api/deployments')),
  deployment: (deployment: string) => data(ask<DeploymentDetail>(`/api/deployments/${nameInPath(deployment)}`)),
  deploymentVersions: (deployment: string) => all<DeploymentVersion>(`/api/deployments/${nameInPath(deployment)}/versions`),
  deploy: (deployment: string, body: DeploymentSpecification, options: { dryRun: boolean; confirmRealm?: boolean; note?: string }) =>
    data(ask<DeployAnswer>(`/api/deployments/${nameInPath(deployment)}${query({ dryRun: options.dryRun || undefined, confirmRealm: options.confirmRealm || undefined, note: options.note })}`, { method: 'PUT', body })),
  /** Makes the fields that the orgs lack, and grants them. */
  prepare: (deployment: string, body: DeploymentSpecification) => data(ask<OrgPreparation>(`/api/deployments/${nameInPath(deployment)}/prepare`, { method: 'POST', body })),
  deleteDeployment: (deployment: string) => data(ask<unknown>(`/api/deployments/${nameInPath(deployment)}`, { method: 'DELETE' })),
  pause: (deployment: string, reason: string) => data(ask<unknown>(`/api/deployments/${nameInPath(deployment)}/pause`, { method: 'POST', body: { reason } })),
  resume: (deployment: string) => data(ask<unknown>(`/api/deployments/${nameInPath(deployment)}/resume`, { method: 'POST' })),
  rollback: (deployment: string, to: number, dryRun: boolean) => data(ask<DeployAnswer>(`/api/deployments/${nameInPath(deployment)}/rollback${query({ dryRun: dryRun || undefined })}`, { method: 'POST', body: { to } })),

  backfills: async (deployment: string) => (await data(ask<{ data: Backfill[] }>(`/api/deployments/${nameInPath(deployment)}/backfills`))).data,
  beginBackfill: (deployment: string, body: { flow: string | null; by: string | null; from: string | null; records: string[] | null }) => data(ask<Backfill>(`/api/deployments/${nameInPath(deployment)}/backfills`, { method: 'POST', body })),
  cancelBackfill: (deployment: string, id: string) => data(ask<Backfill>(`/api/deployments/${nameInPath(deployment)}/backfills/${name(id)}`, { method: 'DELETE' })),
  budgets: async () => (await data(ask<{ data: Budget[] }>('/api/budgets'))).data,

  connections: () => all<Connection>('/api/connections'),
  saveConnection: (connection: string, body: { connector: string; title: string | null; settings: Record<string, string>; secrets: Record<string, string | null> }) => data(ask<Connection>(`/api/connections/${name(connection)}`, { method: 'PUT', body })),
  testConnection: (connection: string) => data(ask<ConnectionTest>(`/api/connections/${name(connection)}/test`, { method: 'POST' })),
  deleteConnection: (connection: string) => data(ask<unknown>(`/api/connections/${name(connection)}`, { method: 'DELETE' })),

  records: async (connection: string, entity: string, options: { id?: string; by?: string; value?: string; limit?: number }) => (await data(ask<{ data: Record<string, unknown>[] }>(`/api/connections/${name(connection)}/records/${name(entity)}${query(options)}`))).data,

  me: () => data(ask<Me>('/api/me')),
  keys: () => all<Key>('/api/keys'),
  addKey: (body: { name: string; role: string; expiresInDays: number }) => data(ask<NewKey>('/api/keys', { method: 'POST', body })),
  revokeKey: (id: string) => data(ask<unknown>(`/api/keys/${name(id)}`, { method: 'DELETE' })),
  audit: (target: string | undefined, cursor: string | undefined) => data(ask<Page<AuditRow>>('/api/audit' + query({ target, cursor, limit: 50 }))),
  doctor: () => data(ask<Doctor>('/api/doctor')),
  incidents: (everything: boolean) => all<Incident>('/api/incidents' + query({ all: everything || undefined })),
}
