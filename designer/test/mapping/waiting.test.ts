import { describe, expect, it } from 'vitest'
import { plainField, type Source } from '../../src/flow/scope'
import { waitingFor } from '../../src/mapping/waiting'

const source = (name: string, title = name): Source => ({ name, title, about: '', type: plainField(name).type, entity: null, connector: null })
const sources = [source('input'), source('tags', 'Tags'), source('people', 'People'), source('params')]
const lines = (values: Record<string, unknown>) => Object.entries(values).map(([name, value]) => ({ name, value: value as string }))
const waits = (values: Record<string, unknown>, data: Record<string, unknown> = { input: {} }, self: string | null = null) => [...waitingFor(lines(values), data, sources, self)]

describe('a line', () => {
  it('waits for a step that the sample does not hold', () => expect(waits({ Tags: '=tags.map(t => t.name)', City: '=input.address.city', Owner: '=params.owner' })).toEqual([['Tags', 'Tags']]))

  it('waits wherever in it the step is read', () => expect(waits({ Phone: '=input.phone ?? normalize.phone(people.phone?.value, params.country)', Type: { ref: 'salesforce/RecordType', value: '=tags[0].name' } })).toEqual([['Phone', 'People'], ['Type', 'Tags']]))

  it('does not wait when the sample holds the step, even as nothing', () => expect(waits({ Tags: '=tags.length', Phone: '=people?.phone' }, { input: {}, tags: [], people: null })).toEqual([]))

  it('of a map waits with an earlier line that it reads', () => expect(waits({ all: '=tags', first: '=own.all[0]', city: '=input.city', again: '=own.city' }, { input: {} }, 'own')).toEqual([['all', 'Tags'], ['first', 'Tags']]))

  it('that nobody knows the name of is a mistake, and not waited for', () => expect(waits({ A: '=tgas.length' })).toEqual([]))
})
