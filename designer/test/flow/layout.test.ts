import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card, layOut } from '../../src/flow/layout'
import { readFlow } from '../../src/flow/model'

const flow = (n: number) => `flow: big\nconnections: { salesforce: salesforce }\ntrigger: { manual: true }\nsteps:\n` + Array.from({ length: n }, (_, i) => `  - branch:\n      - case: a${i}\n        when: true\n        do:\n          - { stop: x, if: true }\n      - otherwise:\n          - forEach: =[]\n            do:\n              - { warn: w, key: k }\n`).join('')

describe('block layout', () => {
  it('draws every step of the templates without two cards over each other', () => {
    const model = readFlow(readFileSync(join(import.meta.dirname, '../../../flows/customer-to-salesforce/flow.yaml'), 'utf8'))!
    const picture = layOut(model, new Set())
    expect(picture.steps.size).toBe(model.all.length + model.triggers.length)
    const cards = [...picture.steps.values()]
    for (const [i, a] of cards.entries()) for (const b of cards.slice(i + 1)) expect(Math.abs(a.x - b.x) >= card.width || Math.abs(a.y - b.y) >= card.height, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true)
  })

  it('keeps the order of the cases from left to right', () => {
    const model = readFlow(flow(1))!
    const picture = layOut(model, new Set())
    expect(picture.steps.get('steps/0/branch/0/do/0')!.x).toBeLessThan(picture.steps.get('steps/0/branch/1/otherwise/0')!.x)
  })

  it('offers a place before, between and after the steps of every list', () => {
    const spots = layOut(readFlow(flow(2))!, new Set()).spots.map(s => s.key)
    for (const key of ['steps@0', 'steps@1', 'steps@2', 'steps/0/branch/0/do@0', 'steps/0/branch/0/do@1', 'steps/0/branch/1/otherwise/0/do@1']) expect(spots).toContain(key)
  })

  it('reads and lays out 200 steps', () => {
    const model = readFlow(flow(50))!
    expect(model.all).toHaveLength(200)
    expect(layOut(model, new Set()).steps.size).toBe(201)
  })
})
