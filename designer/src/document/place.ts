// Where the caret stands in a flow that may not parse at this moment: by indentation, as a person reads it.

export interface PlaceInText {
  /** Keys from the top to the line that holds the caret. */
  keys: string[]
  /** The lines (from 0) on which those keys stand. */
  lines: number[]
  /** Keys that stand in the same map as the caret's line. */
  siblings: { key: string; value: string }[]
  indent: number
}

const keyPattern = /^(\s*(?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s'"#][^:#]*?))\s*:(?:\s+(.*))?$/

interface Row { indent: number; key: string; value: string; dash: boolean }

function read(line: string): Row | undefined {
  const match = keyPattern.exec(line)
  if (!match) return undefined
  return { indent: match[1]!.length, key: match[2] ?? match[3] ?? match[4] ?? '', value: match[5] ?? '', dash: match[1]!.includes('-') }
}

export function placeAt(lines: readonly string[], at: number, column: number): PlaceInText {
  const current = lines[at] ?? ''
  const own = read(current)
  const lead = /^(\s*(?:- +)*)/.exec(current)![1]!
  const indent = own ? own.indent : current.trim() === '' ? column : lead.length
  const keys: string[] = own ? [own.key] : []
  const places: number[] = own ? [at] : []
  let bound = indent
  for (let i = at - 1; i >= 0; i--) {
    const row = read(lines[i]!)
    if (!row || row.indent >= bound) continue
    const dashAt = /^(\s*)-/.exec(lines[i]!)?.[1]?.length
    if (dashAt !== undefined && dashAt >= bound) continue
    keys.unshift(row.key)
    places.unshift(i)
    bound = dashAt ?? row.indent
    if (bound === 0) break
  }
  return { keys, lines: places, siblings: siblingsOf(lines, at, indent), indent }
}

function siblingsOf(lines: readonly string[], at: number, indent: number): { key: string; value: string }[] {
  const rows: { key: string; value: string }[] = []
  const take = (from: number, step: number): void => {
    for (let i = from; i >= 0 && i < lines.length; i += step) {
      const line = lines[i]!
      if (line.trim() === '' || line.trimStart().startsWith('#')) continue
      const row = read(line)
      const outer = /^\s*/.exec(line)![0].length
      if (row && row.indent === indent) {
        if (step > 0 && row.dash) return
        rows.push({ key: row.key, value: row.value })
        if (step < 0 && row.dash) return
      } else if (outer < indent && !(row && row.indent > indent)) return
    }
  }
  const own = lines[at] ?? ''
  if (!/^\s*-/.test(own)) take(at - 1, -1)
  take(at + 1, 1)
  return rows
}
