import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deed, deeds } from '../../src/audit/deeds'

const endpoints = join(import.meta.dirname, '../../../engine/Api')
const sources = readdirSync(endpoints, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.cs') && !/^(obj|bin)[/\\]/.test(f)).map(f => readFileSync(join(endpoints, f), 'utf8'))
const audited = [...new Set(sources.flatMap(text => [...text.matchAll(/AuditAsync\(\s*"([\w.-]+)"/g)].map(m => m[1]!)))].sort()

describe('the words of the audit', () => {
  it('are there for every kind of change that the server audits, and for no other', () => {
    expect(audited.length).toBeGreaterThan(20)
    expect(Object.keys(deeds).sort()).toEqual(audited)
  })

  it('have one form: the thing, and what became of it', () => {
    for (const text of Object.values(deeds)) expect(text).toMatch(/^[A-Z].* (begun|made|(\w+ed)|taken away|(made|started) (in|by) .+)$/)
    expect(new Set(Object.values(deeds)).size).toBe(audited.length)
  })

  it('tell the first save of a thing from a change of it', () => expect([deed('deployment.put', true), deed('deployment.put'), deed('review.decide', true)]).toEqual(['Deployment made', 'Deployment changed', 'Review decided']))

  it('tell a kind that is not known by its name', () => expect(deed('thing.turn')).toBe('Thing turn'))
})
