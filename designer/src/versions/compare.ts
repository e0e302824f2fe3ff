import type { FlowModel, FlowStep, FlowTrigger } from '../flow/model'

export type Mark = 'added' | 'changed' | 'removed'
export interface GraphDifference { before: Map<string, Mark>; after: Map<string, Mark>; added: number; changed: number; removed: number }

type Card = FlowStep | FlowTrigger

/** Cards of two versions by what they are, never by where they stand: a step that moved is the same step. */
export function compareFlows(before: FlowModel, after: FlowModel): GraphDifference {
  const [old, now] = [named(before), named(after)]
  const result: GraphDifference = { before: new Map(), after: new Map(), added: 0, changed: 0, removed: 0 }
  for (const [name, card] of now) {
    const was = old.get(name)
    if (!was) { result.after.set(card.key, 'added'); result.added++ }
    else if (content(was) !== content(card)) { result.after.set(card.key, 'changed'); result.before.set(was.key, 'changed'); result.changed++ }
  }
  for (const [name, card] of old) if (!now.has(name)) { result.before.set(card.key, 'removed'); result.removed++ }
  return result
}

function named(model: FlowModel): Map<string, Card> {
  const cards = new Map<string, Card>()
  const put = (name: string, card: Card) => { let n = 1; while (cards.has(`${name} ${n}`)) n++; cards.set(`${name} ${n}`, card) }
  for (const trigger of model.triggers) put(`trigger ${trigger.kind}`, trigger)
  for (const step of model.all) put(step.id !== null ? `id ${step.id}` : `${step.activity?.key ?? 'unknown'} ${step.target ?? ''}`, step)
  return cards
}

/** What a card says, without the steps inside it: they have cards of their own. */
function content(card: Card): string {
  const raw: Record<string, unknown> = { ...(card.raw as Record<string, unknown>) }
  if ('lanes' in card && card.lanes.length > 0) {
    if (Array.isArray(raw.branch)) raw.branch = raw.branch.map(lane => (typeof lane === 'object' && lane !== null ? { ...lane, do: undefined, otherwise: 'otherwise' in lane ? true : undefined } : lane))
    else delete raw.do
  }
  return JSON.stringify(raw)
}
