import { fitsBlock, writeAtom, writeBlock, writeText, type Quote, type Value } from './values'

/** Where a value will stand. */
export interface Place {
  /** Inside { } or [ ]. */
  flow: boolean
  /** The file is JSON: every text in double quotes. */
  json: boolean
  /** The column that lines of a nested block are indented from. */
  column: number
  eol: string
  like?: Quote
}

/** A written value: what stands in its place, and the lines that follow below (beginning with a line end). */
export interface Written {
  head: string
  below: string
}

const widestInline = 88
let blocks = true

/** Renders texts of several lines between quotes. */
export function withoutBlocks<T>(work: () => T): T {
  blocks = false
  try {
    return work()
  } finally {
    blocks = true
  }
}

export function render(value: Value, place: Place): Written {
  if (typeof value === 'string') {
    if (blocks && !place.flow && !place.json && fitsBlock(value)) {
      const block = writeBlock(value, place.column + 2, place.eol)
      return { head: block.header, below: block.body }
    }
    return { head: writeText(value, place), below: '' }
  }

  if (value === null || typeof value !== 'object') return { head: writeAtom(value), below: '' }
  if (place.flow || isInline(value)) return { head: inline(value, place), below: '' }
  const lines = blockLines(value, place.column + 2, place.eol)
  return { head: '', below: lines.map(line => place.eol + line).join('') }
}

/** The lines of a map or list in block style, each with its indentation. */
export function blockLines(value: Value[] | { [key: string]: Value }, column: number, eol: string): string[] {
  const pad = ' '.repeat(column)
  if (Array.isArray(value)) {
    return value.flatMap(item => {
      if (item !== null && typeof item === 'object' && !isInline(item)) {
        const lines = blockLines(item, column + 2, eol)
        return [pad + '- ' + (lines[0] ?? '').trimStart(), ...lines.slice(1)]
      }

      return [pad + '- ' + joined(render(item, { flow: false, json: false, column, eol }))]
    })
  }

  return Object.entries(value).map(([key, child]) => pad + pair(key, child, column, eol))
}

/** "key: value" as it stands at the given column, with what follows below. */
export function pair(key: string, value: Value, column: number, eol: string): string {
  const written = render(value, { flow: false, json: false, column, eol })
  return writeText(key, { flow: false, json: false }) + ':' + (written.head === '' ? '' : ' ' + written.head) + written.below
}

export function inline(value: Value, place: { json: boolean }): string {
  const inner = { flow: true, json: place.json }
  if (typeof value === 'string') return writeText(value, inner)
  if (value === null || typeof value !== 'object') return writeAtom(value)
  if (Array.isArray(value)) return '[' + value.map(item => inline(item, place)).join(', ') + ']'
  const entries = Object.entries(value).map(([key, child]) => `${writeText(key, inner)}: ${inline(child, place)}`)
  return entries.length === 0 ? '{}' : '{ ' + entries.join(', ') + ' }'
}

/** Empty collections and short lists of single values read best on one line. */
function isInline(value: Value[] | { [key: string]: Value }): boolean {
  if (!Array.isArray(value)) return Object.keys(value).length === 0
  return value.every(item => item === null || typeof item !== 'object') && value.every(item => typeof item !== 'string' || !item.includes('\n')) && inline(value, { json: false }).length <= widestInline
}

const joined = (written: Written) => written.head + written.below
