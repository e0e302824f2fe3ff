import { useState } from 'react'
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField } from 'react-aria-components'
import type { FlowModel } from '../flow/model'
import { Dialog } from '../kit/controls'
import { StepTile } from './StepTile'

export function FindStep({ model, onPick, onClose }: { model: FlowModel; onPick(key: string): void; onClose(): void }) {
  const [typed, setTyped] = useState('')
  const rows = [...model.triggers.map(t => ({ key: t.key, title: t.title, subtitle: t.subtitle, activity: t.kind as string, connector: t.connector })), ...model.all.map(s => ({ key: s.key, title: s.title, subtitle: s.subtitle, activity: s.activity?.key ?? 'unknown', connector: s.connector }))]
  const fits = rows.filter(row => `${row.title} ${row.subtitle}`.toLowerCase().includes(typed.toLowerCase()))
  return (
    <Dialog title="Find a step" isOpen onClose={onClose} className="picker">
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <SearchField aria-label="Search the steps of this flow" autoFocus><Input className="input" placeholder="Part of its name" /></SearchField>
        <ListBox className="list" aria-label="Steps" onAction={key => onPick(String(key))} renderEmptyState={() => <p className="quiet-text picker-empty">No step fits.</p>}>
          {fits.map(row => <ListBoxItem key={row.key} id={row.key} textValue={row.title} className="option"><StepTile activity={row.activity} connector={row.connector} small /><span className="cut"><b>{row.title}</b><br /><small>{row.subtitle}</small></span></ListBoxItem>)}
        </ListBox>
      </Autocomplete>
    </Dialog>
  )
}
