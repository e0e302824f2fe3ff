import { describe, expect, it } from 'vitest'
import { countsOf, listed, sharedGroups } from '../../src/deployments/wizard/shared'

describe('fields that deployments share', () => {
  const fields = ['Account.Name', 'Account.Phone', 'Contact.Email']

  it('are counted by record type', () => {
    const [group] = sharedGroups([{ deployments: ['second', 'customers'], cycle: false, fields }], 'second')
    expect(group?.others).toEqual(['customers'])
    expect(countsOf(group!)).toBe('Account: 2 fields, Contact: 1')
    expect(group?.types[0]).toEqual({ name: 'Account', fields: ['Name', 'Phone'] })
  })

  it('are told once when several others share the same ones', () => {
    const groups = sharedGroups([
      { deployments: ['second', 'customers'], cycle: false, fields }, { deployments: ['second', 'pictured'], cycle: false, fields }, { deployments: ['second', 'leads'], cycle: false, fields: ['Contact.Email'] },
    ], 'second')
    expect(groups.map(g => g.others)).toEqual([['customers', 'pictured'], ['leads']])
  })

  it('keep the way round of a cycle', () => {
    expect(sharedGroups([{ deployments: ['a', 'b', 'a'], cycle: true, fields }], 'a')[0]?.way).toBe('a → b → a')
  })

  it('name the others as a person lists them', () => expect([listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual(['a', 'a and b', 'a, b and c']))
})
