/** A value in words: lists by commas, records by name and value. Nothing of it is JSON. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty'
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(', ')
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    return entries.length === 0 ? 'nothing' : entries.map(([name, inner]) => `${name}: ${typeof inner === 'object' && inner !== null ? `(${plain(inner)})` : plain(inner)}`).join(', ')
  }
  return String(value)
}
