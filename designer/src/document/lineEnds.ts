// CodeMirror counts every line end as one sign. A file with one kind of line end is edited with "\n" and given its own back when it is saved;
// a file that mixes them is edited as it is, so that no byte is lost.
export interface LineEnds { crlf: boolean }

export function toEditor(content: string): { text: string; ends: LineEnds } {
  const crlf = content.includes('\r\n') && !/(^|[^\r])\n/.test(content) && !/\r(?!\n)/.test(content)
  return crlf ? { text: content.replaceAll('\r\n', '\n'), ends: { crlf } } : { text: content, ends: { crlf: false } }
}

export const toFile = (text: string, ends: LineEnds): string => (ends.crlf ? text.replaceAll('\n', '\r\n') : text)
