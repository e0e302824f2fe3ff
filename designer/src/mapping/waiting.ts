import { isExpression, pathsOf } from '../flow/references'
import type { Source } from '../flow/scope'
import type { PreviewOfLine } from './usePreview'

/** What every run has from its begin. */
const always: ReadonlySet<string> = new Set(['input', 'params'])

/**
 * Lines whose value is not known with this sample, because a step they read has not run in it: by line, the title of that step. That is no mistake of the author's.
 * Lines of a `map` read earlier ones of their own, so they wait with them.
 */
export function waitingFor(lines: readonly PreviewOfLine[], data: Record<string, unknown> | null, sources: readonly Source[], self: string | null): Map<string, string> {
  const waits = new Map<string, string>()
  if (data === null) return waits
  for (const line of lines) {
    for (const path of readsOf(line.value)) {
      const [root = '', next = ''] = path.replace(/\[\]/g, '').split('.')
      const source = sources.find(s => s.name === root)
      const step = root === self ? waits.get(next) : source && !always.has(root) && !(root in data) ? source.title : undefined
      if (step !== undefined) { waits.set(line.name, step); break }
    }
  }
  return waits
}

function readsOf(value: unknown): string[] {
  if (isExpression(value)) return pathsOf(value.slice(1))
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(readsOf) : []
}
