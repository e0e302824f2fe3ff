export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** The end of the line, before its line end. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  if (end < 0) return text.length
  return end > at && text[end - 1] === '\r' ? end - 1 : end
}

/** The start of the next line; the end of the text on its last line. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

export const columnOf = (text: string, at: number): number => at - lineStart(text, at)

/** The line end that most of the text uses. */
export function eolOf(text: string): string {
  const all = text.split('\n').length - 1
  const crlf = text.split('\r\n').length - 1
  return crlf * 2 > all ? '\r\n' : '\n'
}

/** True when only blanks stand between the line's start and the place. */
export const isFirstOnLine = (text: string, at: number): boolean => text.slice(lineStart(text, at), at).trim() === ''

/** The end of the last comment line below that is indented deeper than the column: it belongs to what stands above it. */
export function endWithComments(text: string, at: number, column: number): number {
  let end = lineEnd(text, at)
  for (let next = nextLine(text, end); next < text.length && next > end; ) {
    const stop = lineEnd(text, next)
    const line = text.slice(next, stop)
    const indent = line.length - line.trimStart().length
    if (line.trimStart().startsWith('#') && indent > column) end = stop
    else if (line.trim() !== '') break
    const after = nextLine(text, next)
    if (after === next) break
    next = after
  }
  return end
}

/** The start of the comment lines that stand directly above, at the same column. */
export function startWithComments(text: string, at: number, column: number): number {
  let start = lineStart(text, at)
  while (start > 0) {
    const above = lineStart(text, start - 1)
    const line = text.slice(above, lineEnd(text, above))
    if (!(line.trimStart().startsWith('#') && line.length - line.trimStart().length === column)) break
    start = above
  }
  return start
}
