// The shapes of the API (engine/docs/api.md), as far as the designer reads them.

export interface Page<T> { data: T[]; next: string | null }
export interface SourceFile { path: string; content: string }

export interface Diagnostic {
  code: string
  severity: 'error' | 'warning' | 'info'
  path: string
  line: number
  column: number
  offset: number
  length: number
  message: string
  hint: string | null
}

export interface CheckedStep { name: string; activity: string; connection: string | null; entity: string | null; operation: string | null; line: number; column: number; output: string | null }
export interface CheckedTrigger { id: string | null; kind: string; connection: string | null; entity: string | null; webhook: string | null; line: number }
export interface CheckedFlow {
  id: string
  title: string | null
  version: string | null
  hash: string | null
  template: string | null
  path: string
  connections: Record<string, string>
  parameters: Parameter[]
  triggers: CheckedTrigger[]
  steps: CheckedStep[]
}
export interface CheckAnswer { diagnostics: Diagnostic[]; flows?: CheckedFlow[] }

export type Kind = 'text' | 'longText' | 'integer' | 'number' | 'decimal' | 'boolean' | 'date' | 'instant' | 'duration' | 'choice' | 'id' | 'url' | 'email' | 'phone' | 'list' | 'object' | 'any'
export interface FieldType {
  kind: Kind
  length: number | null
  scale: number | null
  choices: string[] | null
  openChoices: boolean
  entity: string | null
  item: FieldType | null
  fields: Field[]
  openFields: boolean
}
export interface Field {
  name: string
  title: string | null
  type: FieldType
  nullable: boolean
  readable: boolean
  creatable: boolean
  updatable: boolean
  requiredOnCreate: boolean
  filterable: boolean
  search: string
  externalId: boolean
  unique: boolean
  relationship: string | null
  sensitive: boolean
  /** Only an org has it, neither the catalogue nor the flow's `requires`: the record type, as the flow names it. Never told by the server. */
  ownOf?: string
}
export interface Setting { name: string; description: string; type: FieldType; default: string | null; required: boolean }
export interface EntitySummary {
  name: string
  title: string | null
  queryable: boolean
  creatable: boolean
  updatable: boolean
  deletable: boolean
  events: { name: string; description: string; covers: string[] | null }[]
}
export interface Connector {
  name: string
  title: string
  extensible: boolean
  entities: EntitySummary[]
  operations: { name: string; description: string }[]
  settings: Setting[]
  secrets: Setting[]
  options: Setting[]
}
export interface Entity { name: string; title: string | null; idField: string; fields: Field[]; source: 'catalogue' | 'org'; readAt: string | null }
export interface Operation { name: string; description: string; repeatable: boolean; input: Field[]; output: Field[] }
export interface LibraryFunction { name: string; kind: 'function' | 'constant' | 'listMethod' | 'textMethod'; signature: string; docs: string; example: string | null; returns: string | null }

export interface PreviewLine { name: string; value: unknown }
export interface PreviewRequest {
  lines: PreviewLine[]
  self: string | null
  types: Record<string, string>
  files: SourceFile[]
  flow: string | null
  target: { connector: string; entity: string; connection: string | null; verb: 'create' | 'update' } | null
  samples: Record<string, unknown>[]
}
export interface PreviewResult {
  name: string
  value: unknown
  type: string | null
  error: { kind: string; message: string; offset: number | null } | null
  findings: { code: string; severity: 'error' | 'warning' | 'info'; message: string }[]
}
export interface PreviewAnswer { samples: { lines: PreviewResult[] }[] }

export interface DraftSummary { id: string; title: string; template: string | null; templateHash: string | null; revision: number; createdAt: string; updatedAt: string; updatedBy: string | null; connections: Record<string, string> }
export interface Draft extends Omit<DraftSummary, 'connections'> { files: SourceFile[] }
export interface DraftContent { title: string; template: string | null; templateHash: string | null; files: SourceFile[] }

export interface Parameter { name: string; title: string | null; type: FieldType; connection: string | null; word: string | null; optional: boolean; default: unknown; min: unknown; max: unknown }
export interface TemplateSummary { id: string; title: string; version: string | null; hash: string; origin: 'builtIn' | 'workspace' | 'uploaded'; flows: string[]; connections: Record<string, string> }
export interface TemplateVersion { hash: string; version: string | null; title: string; number: number; note: string | null; createdAt: string; createdBy: string | null }
export interface Template extends Omit<TemplateSummary, 'flows'> { flows: CheckedFlow[]; files: SourceFile[]; readme: string | null; parameters: Parameter[]; tables: Table[]; versions: TemplateVersion[] }
export interface Table { name: string; key: FieldType; keyConnection: string | null; columns: { name: string; type: FieldType; connection: string | null; optional: boolean }[] }

export type Outcome = 'succeeded' | 'stopped' | 'filtered' | 'unchanged' | 'superseded' | 'failed'
export interface Run {
  id: string
  deployment: string
  flow: string
  trigger: string | null
  key: string
  record: string | null
  outcome: Outcome
  text: string | null
  acceptedAt: string
  startedAt: string
  endedAt: string
  attempts: number
  effects: number
  replayOf: number | null
}
export interface RunStep {
  step: string | null
  path: string | null
  line: number | null
  column: number | null
  did: string | null
  entity: string | null
  operation: string | null
  id: string | null
  key: string | null
  rows: number | null
  ids: string[] | null
  /** The one record that what was read belongs to, where the step asked by it. */
  below: { field: string; id: string } | null
  took: string | null
  failed: string | null
  code: string | null
  message: string | null
  /** Milliseconds since the run began. */
  after: number | null
  fields: { name: string; value: unknown; line: number | null }[] | null
}
export interface Effect { step: string; verb: string; realm: string; entity: string; record: string | null; fields: string[] | null; at: string }
export interface RunDetail { run: Run; steps: RunStep[] | null; attempts: string[]; effects: Effect[]; input: unknown }

export interface DeadLetter {
  id: number
  deployment: string
  state: 'open' | 'replayed' | 'discarded' | 'superseded'
  key: string
  entity: string | null
  record: string | null
  step: string | null
  place: string | null
  kind: string
  code: string | null
  message: string
  fingerprint: string
  attempts: string[]
  at: string
  run: string | null
  note: string | null
}
export interface DeadLetterGroup { fingerprint: string; deployment: string; step: string | null; kind: string; code: string | null; message: string; count: number; first: string; last: string }
export interface DeadLetterDetail { deadLetter: DeadLetter; record: unknown; hint: boolean; outputs: Record<string, unknown> | null }
export type Decision = 'use' | 'create' | 'skip' | 'approve' | 'reject' | 'dismiss'
export type ReviewKind = 'ambiguous' | 'owned' | 'possiblyTwice' | 'approval'
export interface Review {
  id: string
  deployment: string
  kind: ReviewKind
  key: string
  run: string
  step: string
  place: string | null
  entity: string | null
  message: string
  openedAt: string
  takes: Decision[]
  decision: Decision | null
  record: string | null
  comment: string | null
  decidedBy: string | null
  decidedAt: string | null
}
export interface ReviewDetail { review: Review; wanted: Record<string, unknown> | null; candidates: Record<string, unknown>[] }

export interface Why {
  at: string
  field: string
  value: unknown
  verb: string
  run: Run
  step: string
  flowId: string | null
  file: string | null
  line: number | null
  source: string | null
  inputs: { step: string; entity: string | null; rows: number | null; ids: string[] | null }[]
}
export interface PlannedField { name: string; before: unknown; after: unknown; knownAfterApply: boolean }
export interface PlannedMerge { absorbed: string[]; because: string | null; kept: { field: string; rule: string; value: unknown; of: string | null; lost: { record: string; value: unknown }[] }[] }
export interface PlannedEffect { step: string | null; verb: string; realm: string; entity: string; record: string; fields: PlannedField[]; merge: PlannedMerge | null }
export interface PlannedRun { event: string; outcome: string; text: string | null; effects: PlannedEffect[] }
export interface PlanDifference { event: string; realm: string; entity: string; record: string; verb: string | null; wasVerb: string | null; fields: PlannedField[] }
export interface PlanRequest { deployment: string; files?: SourceFile[]; specification?: DeploymentSpecification; records?: string[]; inputs?: unknown[]; recent?: number }
export interface PlanAnswer { runs: PlannedRun[]; differences: PlanDifference[] | null; totals: Record<string, number> }
export interface StepCount { step: string; path: string | null; line: number | null; runs: number; failed: number; wrote: number; p50: number | null }
export interface StepCounts { since: string; runs: number; more: boolean; steps: StepCount[] }

export interface ReplayAnswer { replayed: number | number[]; refused: { id: number; why: string }[] }

export interface Deployment {
  name: string
  flow: string
  version: string | null
  hash: string
  state: 'active' | 'paused' | 'draining'
  pausedBecause: string | null
  connections: Record<string, { name: string; realm: string }>
  waiting: { ready: number; behind: number; delayed: number }
  runs: Partial<Record<Outcome, number>>
  /** Of the last 24 hours. */
  lastDay: Partial<Record<Outcome, number>>
}
export interface Incident { deployment: string | null; fingerprint: string; message: string; count: number; firstSeen: string; lastSeen: string; recoveredAt: string | null }

export interface Backfill {
  id: string
  deployment: string
  trigger: string
  entity: string
  by: 'feed' | 'query' | 'list'
  from: string | null
  state: 'reading' | 'running' | 'done' | 'cancelled' | 'failed'
  total: number | null
  read: number
  accepted: number
  waiting: number
  eta: string | null
  problem: string | null
  startedBy: string
  startedAt: string
  endedAt: string | null
}
export interface Budget { realm: string; connections: string[]; perSecond: number | null; perDay: number | null; reserve: number; live: number; retry: number; backfill: number; foreign: number; backfillPerHour: number | null; pausedUntil: string | null }

export interface DeploymentSpecification {
  template: string
  version: string | null
  connections: Record<string, string>
  parameters: Record<string, unknown> | null
  tables?: Record<string, TableRows> | null
  names?: Record<string, string> | null
  overlay?: Overlay | null
  state: 'active' | 'paused' | 'draining' | null
  since?: string | null
}
export type TableRow = Record<string, unknown>
export interface TableRows { rows: TableRow[]; key?: unknown; columns?: unknown }
/** By flow and step the lines that are changed. */
export type Overlay = Record<string, Record<string, Record<string, unknown>>>
export interface DeploymentDetail { name: string; origin: 'api' | 'file'; number: number | null; template: string; templateHash: string; specification: Partial<DeploymentSpecification> | null; flows: Deployment[] }
export interface DeploymentVersion { number: number; template: string; templateHash: string; specification: Partial<DeploymentSpecification>; note: string | null; createdAt: string; createdBy: string | null }
export interface DeployAnswer {
  name: string
  result: 'created' | 'changed' | 'unchanged'
  dryRun: boolean
  number: number | null
  diagnostics: Diagnostic[]
  problems: string[]
  /** What the warning WF5140 tells, with every field. */
  shared: SharedFields[]
  otherRealms: string[]
  changes: { what: string; before: unknown; after: unknown }[]
  /** In a dry run: what the orgs lack, field by field. */
  gaps: OrgGap[]
}
export interface SharedFields { deployments: string[]; cycle: boolean; fields: string[] }
export interface OrgGap { connection: string; entity: string; field: string | null; type: string | null; kind: 'object' | 'field' | 'type' | 'externalId' | 'unique' | 'writable'; message: string; canCreate: boolean }
export interface OrgPreparation { made: string[]; problems: string[]; gaps: OrgGap[] }
export interface Connection { name: string; connector: string; title: string | null; origin: 'api' | 'file'; settings: Record<string, string>; secrets: string[]; realm: string | null; revision: number | null; updatedAt: string | null; updatedBy: string | null; deployments: string[] }
export interface ConnectionTest { works: boolean; realm: string | null; code: string | null; message: string | null; missing: string[] }
export interface Me { workspace: string; name: string; role: string }
export interface Key { id: string; name: string; role: string; createdAt?: string | null; expiresAt: string | null; revokedAt?: string | null; lastUsedAt?: string | null }
export interface NewKey extends Key { key: string }
export interface AuditRow { id: number; at: string; actor: string; action: string; target: string; before: unknown; after: unknown; requestId: string | null }
export interface Doctor { now: string; data: { check: string; good: boolean; message: string }[] }
