// How the engine reads a scalar: only true, false, null and JSON numbers are not text. The designer must agree with it,
// else a postal code would lose its zero on the way through a form.

/** A value of a flow file. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?$/

/** Reads a plain (unquoted) scalar as the engine does. */
export function readPlain(source: string): string | number | boolean | null {
  if (source === 'true') return true
  if (source === 'false') return false
  if (source === 'null') return null
  return jsonNumber.test(source) ? Number(source) : source
}

// Other tools read more words as something else than text; quoting those keeps every reader in agreement.
const ambiguous = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?(?:0x[\da-fA-F]+|0o[0-7]+|\d+|\.\d+|\d+\.\d*)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

function isPlainSafe(text: string, flow: boolean): boolean {
  if (text === '' || /^\s|\s$/.test(text) || ambiguous.test(text) || unprintable.test(text) || /[\n\t]/.test(text)) return false
  if (/^[-?:,[\]{}#&*!|>'"%@`]/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false
  if (/:(?:\s|$)/.test(text) || text.includes('#')) return false
  return !(flow && /[,[\]{}]|:$/.test(text))
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))
}

/** How an existing scalar is written, so that an edit keeps its dress. */
export type Quote = 'plain' | 'single' | 'double' | 'block'

/** Writes a text on one line. */
export function writeText(text: string, place: { flow: boolean; json: boolean; like?: Quote }): string {
  if (place.json) return JSON.stringify(text)
  if (/[\n\t]/.test(text) || unprintable.test(text)) return doubleQuoted(text)
  if (place.like === 'double') return doubleQuoted(text)
  if (place.like !== 'single' && isPlainSafe(text, place.flow)) return text
  return "'" + text.replaceAll("'", "''") + "'"
}

/** Writes a number, boolean or null. */
export function writeAtom(value: number | boolean | null): string {
  if (typeof value !== 'number') return String(value)
  if (!Number.isFinite(value)) throw new RangeError('a number that cannot be written')
  const text = String(value)
  // The language has no exponents.
  return /e/i.test(text) ? (Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20).replace(/0+$/, '')) : text
}

/** True when a text of several lines can be written as a literal block and read back the same. */
export function fitsBlock(text: string): boolean {
  if (!text.includes('\n') || unprintable.test(text) || text.trim() === '') return false
  const lines = text.split('\n')
  return !/^\s/.test(text) && lines.every(line => !/^\s+$/.test(line) && !line.startsWith('\t'))
}

/** A text of several lines as a literal block: its header, and its lines indented. */
export function writeBlock(text: string, indent: number, eol: string): { header: string; body: string } {
  const chomp = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-'
  const lines = (chomp === '-' ? text : text.slice(0, -1)).split('\n')
  const pad = ' '.repeat(indent)
  return { header: '|' + chomp, body: lines.map(line => (line === '' ? '' : pad + line)).map(line => eol + line).join('') }
}
