import { describe, expect, it } from 'vitest'
import type { PlanAnswer, PlannedMerge } from '../../src/api/contract'
import { linesOf } from '../../src/plan/lines'

const merge: PlannedMerge = {
  absorbed: ['002'], because: 'same phone', kept: [
    { field: 'Phone', rule: 'filled', value: '1', of: '001', lost: [{ record: '002', value: '2' }] }, { field: 'Fax', rule: 'filled', value: '9', of: '002', lost: [] }, { field: 'Type', rule: 'keep', value: 'A', of: '001', lost: [] },
  ],
}
const effect = { step: 'join', verb: 'merge', realm: 'org', entity: 'Account', record: '001', fields: [{ name: 'Fax', before: null, after: '9', knownAfterApply: false }], merge }
const answer = (differences: PlanAnswer['differences']): PlanAnswer => ({ runs: [{ event: 'e1', outcome: 'succeeded', text: null, effects: [effect] }], differences, totals: {} })

describe('a plan with a merge', () => {
  it('tells which records go up in which, why, and each value that is lost', () => {
    const [line] = linesOf(answer(null))
    expect(line!.merge).toBe(merge)
    expect(line!.fields.map(f => [f.name, f.field !== null, f.kept?.lost.length])).toEqual([['Fax', true, 0], ['Phone', false, 1]])
  })
  it('tells it too beside a flow that does not merge', () => {
    const [line] = linesOf(answer([{ event: 'e1', realm: 'org', entity: 'Account', record: '001', verb: 'merge', wasVerb: 'update', fields: [] }]))
    expect(line!.what).toBe('Update → merge')
    expect(line!.merge).toBe(merge)
    expect(line!.fields.map(f => f.name)).toEqual(['Phone'])
  })
  it('says nothing of a merge that only the flow that runs would make', () => {
    const [line] = linesOf(answer([{ event: 'e1', realm: 'org', entity: 'Account', record: '001', verb: null, wasVerb: 'merge', fields: [] }]))
    expect(line!.what).toBe('Merge → nothing')
    expect(line!.merge).toBeNull()
  })
})
