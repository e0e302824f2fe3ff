import { useState } from 'react'
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField } from 'react-aria-components'
import { Dialog } from '../kit/controls'
import type { SourceRow } from './model'
import { shortly } from './SourceTree'

/** A source by typing: the third way to map, and the one without a pointer. */
export function SourcePicker({ title, rows, onPick, onClose }: { title: string; rows: SourceRow[]; onPick(path: string): void; onClose(): void }) {
  const [typed, setTyped] = useState('')
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = rows.filter(row => row.depth > 0 && parts.every(part => row.path.toLowerCase().includes(part) || row.about.toLowerCase().includes(part) || (row.hasSample && shortly(row.sample).toLowerCase().includes(part)))).slice(0, 100)
  return (
    <Dialog title={title} isOpen onClose={onClose} className="picker">
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <SearchField aria-label="Search source fields" autoFocus><Input className="input" placeholder="Part of a name, or of a value in the sample" /></SearchField>
        <ListBox className="list" aria-label="Source fields" onAction={key => onPick(String(key))} renderEmptyState={() => <p className="quiet-text picker-empty">No source fits.</p>}>
          {fits.map(row => <ListBoxItem key={row.path} id={row.path} textValue={row.path} className="option"><span className="cut"><code>{row.path}</code></span><small className="cut">{row.hasSample && typeof row.sample !== 'object' ? shortly(row.sample) : row.about}</small></ListBoxItem>)}
        </ListBox>
      </Autocomplete>
    </Dialog>
  )
}
