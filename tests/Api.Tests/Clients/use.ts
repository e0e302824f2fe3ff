// A client's few lines over the generated types: they compile only while paths, parameters, bodies and answers are what the document says.
import type { paths } from './generated'

type Body<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends { requestBody: { content: { 'application/json': infer B } } } ? B : never
type Answer<P extends keyof paths, M extends keyof paths[P], S extends number> = paths[P][M] extends { responses: infer R } ? R extends { [K in S]: { content: { 'application/json': infer A } } } ? A : never : never

const runs = {} as Answer<'/api/runs', 'get', 200>
export const first: string | undefined = runs.data[0]?.id
export const next: string | null = runs.next

export const decision: Body<'/api/reviews/{id}/decision', 'post'> = { decision: 'use', record: '001', comment: null }
const plan = {} as Answer<'/api/flows/plan', 'post', 200>
export const fields: string[] = plan.runs.flatMap(run => run.effects.flatMap(effect => effect.fields.map(field => field.name)))
const deployment = {} as Answer<'/api/deployments/{name}', 'get', 200>
export const states: string[] = deployment.flows.map(flow => flow.state)
// @ts-expect-error There is no such path.
export type Nothing = paths['/api/nothing']
