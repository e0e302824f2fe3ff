import type { FlowModel, FlowStep, FlowTrigger } from '../flow/model'

export type Mark = 'added' | 'changed' | 'removed'
/** A place of both versions: the same card, or where one that only the other has would stand. */
export interface SamePlace { before: string; after: string }
export interface GraphDifference {
  before: Map<string, Mark>
  after: Map<string, Mark>
  added: number
  changed: number
  removed: number
  /** Cards that both have, in the order of the newer one. */
  same: SamePlace[]
  /** The first change; null when nothing can be shown beside each other. */
  first: SamePlace | null
}

type Card = FlowStep | FlowTrigger

/** Cards of two versions by what they are, never by where they stand: a step that moved is the same step. */
export function compareFlows(before: FlowModel, after: FlowModel): GraphDifference {
  const [old, now] = [named(before), named(after)]
  const result: GraphDifference = { before: new Map(), after: new Map(), added: 0, changed: 0, removed: 0, same: [], first: null }
  for (const [name, card] of now) {
    const was = old.get(name)
    if (was) result.same.push({ before: was.key, after: card.key })
    if (!was) { result.after.set(card.key, 'added'); result.added++ }
    else if (content(was) !== content(card)) { result.after.set(card.key, 'changed'); result.before.set(was.key, 'changed'); result.changed++ }
  }
  for (const [name, card] of old) if (!now.has(name)) { result.before.set(card.key, 'removed'); result.removed++ }
  result.first = firstChange(result, orderOf(before), orderOf(after))
  return result
}

const orderOf = (model: FlowModel): string[] => [...model.triggers, ...model.all].map(card => card.key)
const listOf = (key: string): string => key.slice(0, key.lastIndexOf('/'))

function firstChange(difference: GraphDifference, before: string[], after: string[]): SamePlace | null {
  const [toBefore, toAfter] = [new Map(difference.same.map(s => [s.after, s.before])), new Map(difference.same.map(s => [s.before, s.after]))]
  const changed = after.find(key => difference.after.has(key))
  if (changed !== undefined) {
    const there = toBefore.get(changed) ?? neighbour(changed, after, toBefore)
    return there === null ? null : { before: there, after: changed }
  }
  const gone = before.find(key => difference.before.has(key))
  const there = gone === undefined ? null : neighbour(gone, before, toAfter)
  return there === null ? null : { before: gone!, after: there }
}

/** Of a card that only one version has, the nearest of its own list that the other has too, rather the one below it; else the nearest of all. */
function neighbour(key: string, order: string[], other: ReadonlyMap<string, string>): string | null {
  const at = order.indexOf(key)
  const near = order.map((k, i) => ({ k, far: i > at ? i - at - 0.5 : at - i })).filter(x => other.has(x.k)).sort((a, b) => a.far - b.far)
  const found = near.find(x => listOf(x.k) === listOf(key)) ?? near[0]
  return found ? other.get(found.k)! : null
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
