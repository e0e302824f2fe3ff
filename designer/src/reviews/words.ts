import type { Decision, Review, ReviewKind } from '../api/contract'

export const questions: Record<ReviewKind, string> = {
  ambiguous: 'Several records match',
  owned: 'The record belongs to another key',
  possiblyTwice: 'Possibly written twice',
  approval: 'Waits for approval',
}

/** What a decision does, before it is made. */
export const effects: Record<Decision, string> = {
  use: 'The run goes on with the record you choose.',
  create: 'The run goes on and makes a new record.',
  skip: 'The run goes on without writing this record.',
  approve: 'The run goes on.',
  reject: 'The run ends here, and what it would have done is not done.',
  dismiss: 'The question is closed. Nothing is changed in any system.',
}

export const buttons: Record<Decision, string> = { use: 'Use it', create: 'Make a new record', skip: 'Skip this record', approve: 'Approve', reject: 'Reject', dismiss: 'I have looked at it' }

const made: Record<Decision, string> = { use: 'Used', create: 'New record made', skip: 'Skipped', approve: 'Approved', reject: 'Rejected', dismiss: 'Looked at' }

export const decided = (review: Review): string => (review.decision === null ? 'Open' : review.decision === 'use' ? `${made.use} ${review.record ?? ''}`.trim() : made[review.decision])

/** Questions of one cause together: the same step of the same deployment asks the same thing. */
export function grouped(reviews: Review[]): { key: string; deployment: string; kind: ReviewKind; step: string; entity: string | null; reviews: Review[] }[] {
  const groups = new Map<string, Review[]>()
  for (const review of reviews) {
    const key = [review.deployment, review.kind, review.step].join(' ')
    groups.set(key, [...(groups.get(key) ?? []), review])
  }
  return [...groups].map(([key, list]) => ({ key, deployment: list[0]!.deployment, kind: list[0]!.kind, step: list[0]!.step, entity: list[0]!.entity, reviews: list }))
}
