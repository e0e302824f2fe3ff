import type { DeploymentSpecification, Overlay, Parameter, TableRows } from '../../api/contract'

/** One changed line of the template. */
export interface ChangeLine { flow: string; step: string; block: Block; field: string; value: string; raw?: unknown }
export const blocks = ['set', 'setOnCreate', 'setOnUpdate', 'map', 'options', 'where', 'if', 'stop', 'fail', 'warn', 'next', 'remove'] as const
export type Block = (typeof blocks)[number]
export const withFields: readonly string[] = ['set', 'setOnCreate', 'setOnUpdate', 'map', 'options', 'where']
export const blockWords: Record<Block, string> = {
  set: 'Field', setOnCreate: 'Field, on create only', setOnUpdate: 'Field, on update only', map: 'Computed value', options: 'Option', where: 'Condition', if: 'Only if', stop: 'Reason of the stop', fail: 'Reason of the failure', warn: 'Message', next: 'Reason to skip the item', remove: 'Take the step out',
}

/** The value that stands for a line that is taken out of the template. */
export const takenOut = { remove: true }
const isTakenOut = (value: unknown) => typeof value === 'object' && value !== null && (value as { remove?: unknown }).remove === true

export interface Choices {
  name: string
  version: string | null
  connections: Record<string, string>
  parameters: Record<string, string>
  tables: Record<string, TableRows>
  changes: ChangeLine[]
  /** What the wizard has no form for; it stays as it is. */
  others: Record<string, unknown>
  note: string
}

const known = ['template', 'version', 'connections', 'parameters', 'tables', 'overlay', 'state']

export function choicesOf(name: string, was: Partial<DeploymentSpecification> | null | undefined): Choices {
  return {
    name, version: null, connections: was?.connections ?? {}, note: '', tables: was?.tables ?? {}, changes: linesOf(was?.overlay ?? {}), others: Object.fromEntries(Object.entries(was ?? {}).filter(([key]) => !known.includes(key))),
    parameters: Object.fromEntries(Object.entries(was?.parameters ?? {}).map(([k, v]) => [k, String(v)])),
  }
}

export function specificationOf(template: string, parameters: Parameter[], choices: Choices): DeploymentSpecification {
  const tables = Object.fromEntries(Object.entries(choices.tables).map(([name, table]) => [name, { ...table, rows: table.rows.filter(row => Object.values(row).some(v => v !== '' && v !== null)).map(filled) }] as const).filter(([, table]) => table.rows.length > 0 || table.columns !== undefined))
  const overlay = overlayOf(choices.changes)
  return {
    template, version: choices.version, connections: choices.connections, state: 'active', ...choices.others,
    parameters: Object.fromEntries(Object.entries(choices.parameters).map(([name, text]) => [name, typed(parameters.find(p => p.name === name), text)])),
    tables: Object.keys(tables).length > 0 ? tables : null, overlay: Object.keys(overlay).length > 0 ? overlay : null,
  }
}

const filled = (row: Record<string, unknown>) => Object.fromEntries(Object.entries(row).filter(([, v]) => v !== '' && v !== null && v !== undefined))

/** A value as its parameter's type has it. */
function typed(parameter: Parameter | undefined, text: string): unknown {
  if (parameter?.type.kind === 'boolean') return text === 'true'
  if ((parameter?.type.kind === 'integer' || parameter?.type.kind === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text
}

export function linesOf(overlay: Overlay): ChangeLine[] {
  const lines: ChangeLine[] = []
  for (const [flow, steps] of Object.entries(overlay)) {
    for (const [step, change] of Object.entries(steps)) {
      for (const [block, value] of Object.entries(change)) {
        if (!(blocks as readonly string[]).includes(block)) continue
        if (withFields.includes(block)) for (const [field, raw] of Object.entries((value ?? {}) as Record<string, unknown>)) lines.push({ flow, step, block: block as Block, field, value: isTakenOut(raw) ? '' : show(raw), raw })
        else lines.push({ flow, step, block: block as Block, field: '', value: block === 'remove' ? '' : show(value), raw: value })
      }
    }
  }
  return lines
}

const show = (raw: unknown): string => (typeof raw === 'object' && raw !== null ? JSON.stringify(raw) : String(raw ?? ''))

export function overlayOf(lines: ChangeLine[]): Overlay {
  const overlay: Overlay = {}
  for (const line of lines) {
    if (line.flow === '' || line.step === '') continue
    const step = ((overlay[line.flow] ??= {})[line.step] ??= {})
    if (line.block === 'remove') step.remove = true
    else if (!withFields.includes(line.block)) step[line.block] = line.value
    else if (line.field !== '') ((step[line.block] ??= {}) as Record<string, unknown>)[line.field] = valueOf(line)
  }
  return overlay
}

/** What was not touched keeps its type; what a person types is text, true, false, or an expression. */
function valueOf(line: ChangeLine): unknown {
  if (isTakenOut(line.raw) && line.value === '') return takenOut
  if (line.raw !== undefined && show(line.raw) === line.value) return line.raw
  return line.value === 'true' ? true : line.value === 'false' ? false : line.value
}
