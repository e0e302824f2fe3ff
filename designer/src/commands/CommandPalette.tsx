import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Autocomplete, Header, Input, ListBox, ListBoxItem, ListBoxSection, SearchField } from 'react-aria-components'
import { queries } from '../api/queries'
import { places } from '../frame/places'
import { emptyFlowSearch } from '../frame/search'
import { Dialog } from '../kit/controls'
import { everywhere } from './keys'
import { here, useOffers, type Command } from './offers'
import { singleKeys } from './singleKeys'

/** Without a search a group shows its beginning, with one what fits it. */
const fewest = 8
const most = 40

/** Every place and every action by typing a part of its name. */
export function CommandPalette({ onClose, onKeys }: { onClose(): void; onKeys(): void }) {
  const navigate = useNavigate()
  const templates = useQuery(queries.templates)
  const drafts = useQuery(queries.drafts)
  const offers = useOffers()
  const [typed, setTyped] = useState('')
  const flows = [
    ...(drafts.data ?? []).filter(d => !templates.data?.some(t => t.id === d.id)).map(d => ({ id: d.id, title: d.title, flows: [d.id] })),
    ...(templates.data ?? []),
  ]
  const offered = [...new Set(offers.map(offer => offer.title))].map(title => ({ title, commands: offers.filter(offer => offer.title === title).flatMap(offer => offer.commands ?? []) }))
  const groups: { title: string; commands: Command[] }[] = [
    ...offered.filter(group => group.title === here), ...offered.filter(group => group.title !== here && group.title !== everywhere.title),
    { title: 'Screens', commands: [...places.map(place => ({ id: place.to, title: place.label, run: () => void navigate({ to: place.to }) })), { id: 'keys', title: 'Keys that work here', keys: singleKeys.on() ? '?' : undefined, run: onKeys }, ...offered.filter(group => group.title === everywhere.title).flatMap(group => group.commands)] },
    { title: 'Flows', commands: flows.map(flow => ({ id: flow.id, title: flow.title, about: flow.flows.join(', '), run: () => void navigate({ to: '/flows/$id', params: { id: flow.id }, search: emptyFlowSearch }) })) },
  ]
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = groups.map((group, g) => {
    const fits = group.commands.map((command, i) => ({ ...command, id: `${g} ${i} ${command.id}` })).filter(c => parts.every(part => `${c.title} ${c.about ?? ''} ${group.title}`.toLowerCase().includes(part)))
    return { title: group.title, rows: fits.slice(0, parts.length > 0 ? most : fewest), more: fits.length - (parts.length > 0 ? most : fewest) }
  }).filter(group => group.rows.length > 0)
  function act(key: string) {
    const command = shown.flatMap(group => group.rows).find(c => c.id === key)
    if (!command) return
    onClose()
    // When the dialog is gone and the focus is back where it was: what opens now gives it back to there.
    window.setTimeout(command.run, 50)
  }
  return (
    <Dialog title="Go to or do" isOpen onClose={onClose} className="picker palette">
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <SearchField aria-label="Search flows, screens, steps and actions" autoFocus><Input className="input" placeholder="A flow, a screen, a step, or what to do" /></SearchField>
        <ListBox className="list" aria-label="Commands" selectionMode="none" onAction={key => act(String(key))} renderEmptyState={() => <p className="quiet-text picker-empty">Nothing fits.</p>}>
          {shown.map(group => (
            <ListBoxSection key={group.title} id={group.title}>
              <Header className="picker-head">{group.title}{group.more > 0 && ` (${group.more} more: type on)`}</Header>
              {group.rows.map(command => <ListBoxItem key={command.id} id={command.id} textValue={command.title} className="option"><span className="cut"><b>{command.title}</b>{command.about && <> <small>{command.about}</small></>}</span>{command.keys && <kbd>{command.keys}</kbd>}</ListBoxItem>)}
            </ListBoxSection>
          ))}
        </ListBox>
      </Autocomplete>
    </Dialog>
  )
}
