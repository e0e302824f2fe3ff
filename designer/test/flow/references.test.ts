import { describe, expect, it } from 'vitest'
import { pathsOf } from '../../src/flow/references'

describe('what an expression reads', () => {
  const cases: [string, string[]][] = [
    ['input.name', ['input.name']],
    ['a.b ? c.d?.e : f.g * 2', ['a.b', 'c.d.e', 'f.g']],
    ['`${input.id}/primary`', ['input.id']],
    ['list.first(lines, l => l.type === "Email")?.value', ['lines[].type', 'lines']],
    ['receipts.flatMap(p => p.parts.map(a => a.amount))', ['receipts', 'receipts[].parts', 'receipts[].parts[].amount']],
    ['text.truncate(input.name, 255)', ['input.name']],
    ['input.name.trim()', ['input.name']],
    ['input["Gate code"]', ['input.Gate code']],
    ['rows[0].net', ['rows[].net']],
    ['money.subtract(figures.paid, money.sum([]))', ['figures.paid']],
    ['keep', []],
    ['person.phone ?? person.mobile', ['person.phone', 'person.mobile']],
  ]
  for (const [expression, paths] of cases) it(expression, () => expect(new Set(pathsOf(expression))).toEqual(new Set(paths)))
})
