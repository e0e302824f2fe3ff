import { describe, expect, it } from 'vitest'
import { readFlow } from '../../src/flow/model'
import { compareFlows } from '../../src/versions/compare'

const flow = (...steps: string[]) => readFlow(`flow: f\nconnections: { salesforce: salesforce }\ntrigger: { manual: true }\nsteps:\n${steps.map(s => `  - ${s}\n`).join('')}`)!
const [a, b, c] = ['{ id: a, map: { x: 1 } }', '{ id: b, map: { x: 2 } }', '{ id: c, map: { x: 3 } }'] as const

describe('the first change of two versions', () => {
  it('is the changed step in both', () => expect(compareFlows(flow(a, b, c), flow(a, '{ id: b, map: { x: 9 } }', c)).first).toEqual({ before: 'steps/1', after: 'steps/1' }))

  it('of an added step stands before the one that follows it', () => expect(compareFlows(flow(a, c), flow(a, b, c)).first).toEqual({ before: 'steps/1', after: 'steps/1' }))

  it('of an added last step stands at the one before it', () => expect(compareFlows(flow(a, b), flow(a, b, c)).first).toEqual({ before: 'steps/1', after: 'steps/2' }))

  it('of a removed step stands where its follower went up to', () => expect(compareFlows(flow(a, b, c), flow(a, c)).first).toEqual({ before: 'steps/1', after: 'steps/1' }))

  it('stays in its own list', () => {
    const lane = (inside: string) => `{ id: many, forEach: '=[1]', as: n, do: [${inside}] }`
    expect(compareFlows(flow(lane(a), c), flow(lane(`${a}, ${b}`), c)).first).toEqual({ before: 'steps/0/do/0', after: 'steps/0/do/1' })
  })

  it('is none when nothing changed', () => expect(compareFlows(flow(a, b), flow(a, b)).first).toBeNull())
})
