import { describe, expect, it } from 'vitest'
import type { Entity, Field } from '../../src/api/contract'
import { readFlow } from '../../src/flow/model'
import { plainField, valueAt } from '../../src/flow/scope'
import { requireField, setField } from '../../src/mapping/mappingEdits'
import { suggest, targetsOf, type SourceRow } from '../../src/mapping/model'
import { inOrg } from '../../src/flow/orgFields'
import { apply } from '../../src/text/edits'
import { join } from '../../src/text/moves'

const field = (name: string, change: Partial<Field> = {}): Field => ({ ...plainField(name, 'text'), creatable: true, updatable: true, ...change })
const org = (...fields: Field[]): Entity => ({ name: 'Account', title: null, idField: 'Id', fields, source: 'org', readAt: '2026-01-01T00:00:00Z' })
const flow = (text: string) => readFlow(text)!
const steps = `steps:
  - id: account
    upsert: salesforce/Account
    match: [[Key__c]]
    set:
      Key__c: =input.id   # the key
`
const head = 'flow: a\nconnections: { servicetitan: servicetitan, salesforce: salesforce }\n'

describe("an org's own fields", () => {
  it('are shown beside those of the catalogue, and what the org does not have is told', () => {
    const known = inOrg([field('Name', { title: 'Account name' }), field('Key__c'), field('Gone__c')], org(field('Name'), field('Key__c'), field('Level__c')))
    expect([...known.own]).toEqual(['Level__c'])
    expect([...known.absent]).toEqual(['Gone__c'])
    expect(known.fields.find(f => f.name === 'Name')!.title).toBe('Account name')
    const step = flow(head + steps.replace('# the key', '# the key\n      Gone__c: x')).all[0]!
    const targets = targetsOf(step, known.fields, known.absent)
    expect(targets.filter(t => t.unknown).map(t => t.name)).toEqual(['Gone__c'])
    // One that is neither there nor set is no row.
    expect(targetsOf(flow(head + steps).all[0]!, known.fields, known.absent).map(t => t.name)).not.toContain('Gone__c')
  })

  it('without an org are those of the catalogue', () => {
    const known = inOrg([field('Name')], undefined)
    expect([known.fields.length, known.own.size, known.absent.size]).toEqual([1, 0, 0])
  })

  for (const eol of ['\n', '\r\n']) {
    it(`are required of every org with their first line, and nothing else changes (${JSON.stringify(eol)})`, () => {
      const text = (head + 'requires:\n  salesforce:\n    Account:\n      Key__c: { type: text, length: 20, externalId: true }   # stays\n' + steps).replaceAll('\n', eol)
      const step = flow(text).all[0]!
      const level = field('Level__c', { type: { ...plainField('x', 'decimal').type, length: 18 } })
      const target = targetsOf(step, [level])[0]!
      const after = apply(text, join(setField(text, step, { ...target, name: 'Level__c' }, '=input.balance'), requireField(text, 'salesforce/Account', level)))
      expect(after.split(eol).filter(line => !line.includes('Level__c'))).toEqual(text.split(eol))
      expect(after.split(eol).filter(line => line.includes('Level__c'))).toEqual(['      Level__c: { type: currency }', '      Level__c: =input.balance'])
    })
  }

  it('begin the requires of a flow that has none', () => {
    const text = head + steps
    const after = apply(text, requireField(text, 'salesforce/Account', field('Level__c', { type: { ...plainField('x').type, kind: 'id', entity: 'Contact' } })))
    expect(flow(after).value.requires).toEqual({ salesforce: { Account: { Level__c: { type: 'reference', to: 'Contact' } } } })
    expect(after.indexOf('requires:')).toBeGreaterThan(after.indexOf('connections:'))
    expect(after.indexOf('requires:')).toBeLessThan(after.indexOf('steps:'))
  })

  it('of a kind that no flow can ask for are refused in words', () => {
    const text = head + steps
    expect(() => requireField(text, 'salesforce/Account', field('Place__c', { title: 'Place', type: plainField('x', 'object').type }))).toThrow('Place is of a kind that a flow cannot ask an org for.')
  })
})

describe('samples', () => {
  it('hold values at paths, of a list the first', () => {
    const data = { input: { address: { city: 'Boise' } }, lines: [{ value: 7 }, { value: 8 }] }
    expect([valueAt(data, 'input.address.city'), valueAt(data, 'input?.address?.city'), valueAt(data, 'lines[].value'), valueAt(data, 'none.of.it')]).toEqual(['Boise', 'Boise', 7, undefined])
  })

  it('suggest by what a value looks like where no name does', () => {
    const row = (path: string, sample: unknown): SourceRow => ({ path, name: path.split('.').pop()!, about: '', depth: 1, type: plainField('x', 'text').type, nullable: true, sample, hasSample: true, open: false, folds: false, own: null })
    const step = flow(head + steps).all[0]!
    const targets = targetsOf(step, [field('PersonEmail', { type: plainField('x', 'email').type }), field('Website', { type: plainField('x', 'url').type })])
    const found = suggest(targets, [row('input.contact', 'ada@example.com'), row('input.memo', 'call first')])
    expect(found).toEqual([{ target: 'PersonEmail', path: 'input.contact', reason: 'looks like an e-mail address' }])
  })
})
