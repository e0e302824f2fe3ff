import { Plus, Trash2 } from 'lucide-react'
import { useQueries } from '@tanstack/react-query'
import type { ClipboardEvent } from 'react'
import type { FieldType, Table, TableRow, TableRows } from '../../api/contract'
import { words } from '../../flow/activities'
import { counted } from '../../flow/model'
import { Button } from '../../kit/controls'
import { entityOf, someRecords } from './records'

/** The template's tables as grids: a cell is typed, a block is pasted from a spreadsheet. */
export function TablesStep({ tables, connections, values, onChange }: { tables: Table[]; connections: Record<string, string>; values: Record<string, TableRows>; onChange(values: Record<string, TableRows>): void }) {
  return <>
    <p className="help">Rows of this deployment stand before those of the template. A row with the key * holds for everything else. Cells can be pasted from a spreadsheet.</p>
    {tables.map(table => <Grid key={table.name} table={table} connections={connections} rows={values[table.name]?.rows ?? []} onChange={rows => onChange({ ...values, [table.name]: { ...values[table.name], rows } })} />)}
  </>
}

function Grid({ table, connections, rows, onChange }: { table: Table; connections: Record<string, string>; rows: TableRow[]; onChange(rows: TableRow[]): void }) {
  const columns: { name: string; type: FieldType; connection: string | null; optional: boolean }[] = [{ name: 'key', type: table.key, connection: table.keyConnection, optional: false }, ...table.columns]
  // A cell that is the id of a record offers the records of the connection, by name.
  const named = columns.filter(c => c.type.entity !== null && c.connection !== null && connections[c.connection] !== undefined)
  const records = useQueries({ queries: named.map(c => someRecords(connections[c.connection!]!, entityOf(c.type))) })
  const namesOf = (column: string) => records[named.findIndex(c => c.name === column)]?.data ?? []
  const shown = [...rows, {}]
  const set = (at: number, column: string, value: string) => {
    const next = shown.map((row, i) => (i === at ? { ...row, [column]: value } : row))
    onChange(next.filter((row, i) => i < rows.length || Object.values(row).some(v => v !== '')))
  }
  function paste(e: ClipboardEvent, at: number, column: number) {
    const text = e.clipboardData.getData('text/plain').replace(/\r?\n$/, '')
    if (!/[\t\n]/.test(text)) return
    e.preventDefault()
    const cells = text.split(/\r?\n/).map(line => line.split('\t'))
    const next = [...rows.map(row => ({ ...row }))]
    cells.forEach((line, i) => {
      const row = (next[at + i] ??= {})
      line.forEach((cell, j) => { const name = columns[column + j]?.name; if (name) row[name] = cell.trim() })
    })
    onChange(next)
  }
  const seen = new Map<string, number>()
  rows.forEach(row => seen.set(String(row.key ?? ''), (seen.get(String(row.key ?? '')) ?? 0) + 1))
  return (
    <section className="grid-table" aria-label={words(table.name)}>
      <h3>{words(table.name)} <span className="quiet-text">{counted(rows.length, 'row')}</span></h3>
      <div className="table-box"><table className="table"><thead><tr>{columns.map(c => <th key={c.name}>{c.name === 'key' ? 'Key' : words(c.name)}<div className="quiet-text">{typeWords(c.type)}{c.optional && ', may be empty'}</div></th>)}<th><span className="hidden">Remove</span></th></tr></thead>
        <tbody>{shown.map((row, i) => <tr key={i}>
          {columns.map((c, j) => {
            const value = row[c.name] === undefined || row[c.name] === null ? '' : String(row[c.name])
            const twice = c.name === 'key' && value !== '' && (seen.get(value) ?? 0) > 1
            const lacking = i < rows.length && value === '' && !c.optional
            return <td key={c.name}><input className="input cell" aria-label={`${c.name === 'key' ? 'Key' : words(c.name)}, row ${i + 1}`} aria-invalid={twice || lacking} title={twice ? 'Another row has this key' : lacking ? 'A value is needed here' : namesOf(c.name).find(r => r.id === value)?.label} value={value} list={c.type.choices || namesOf(c.name).length > 0 ? `choices-${table.name}-${c.name}` : undefined}
              placeholder={i === rows.length && j === 0 ? 'New row' : ''} onChange={e => set(i, c.name, e.target.value)} onPaste={e => paste(e, i, j)} spellCheck={false} /></td>
          })}
          <td className="right">{i < rows.length && <Button size="small" look="quiet" icon tip={`Remove row ${i + 1}`} onPress={() => onChange(rows.filter((_, k) => k !== i))}><Trash2 size={14} /></Button>}</td>
        </tr>)}</tbody></table></div>
      {columns.filter(c => c.type.choices).map(c => <datalist key={c.name} id={`choices-${table.name}-${c.name}`}>{c.type.choices!.map(choice => <option key={choice} value={choice} />)}</datalist>)}
      {named.map(c => <datalist key={c.name} id={`choices-${table.name}-${c.name}`}>{namesOf(c.name).map(r => <option key={r.id} value={r.id}>{r.label}</option>)}</datalist>)}
      {rows.length > 0 && <div><Button size="small" onPress={() => onChange([...rows, { key: '*' }])} isDisabled={seen.has('*')}><Plus size={14} aria-hidden />A row for everything else</Button></div>}
    </section>
  )
}

function typeWords(type: FieldType): string {
  if (type.entity) return `id of ${entityOf(type)}`
  return type.choices || type.kind === 'choice' ? 'one of the list of the field' : words(type.kind).toLowerCase()
}
