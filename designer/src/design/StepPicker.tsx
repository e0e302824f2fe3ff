import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Autocomplete, Input, ListBox, ListBoxItem, ListBoxSection, Header, SearchField } from 'react-aria-components'
import { queries } from '../api/queries'
import { activities, words, type Activity } from '../flow/activities'
import { useSystemTitle } from '../flow/systems'
import { useDocumentState } from '../document/context'
import { Dialog } from '../kit/controls'
import { StepTile } from './StepTile'

export interface Picked { activity: Activity; target: string | null }
interface Option extends Picked { id: string; title: string; about: string; connector: string | null; search: string }

const most = 80

/** A step by typing: "upsert acc" finds "Create or update Account". */
export function StepPicker({ place, onPick, onClose }: { place: string; onPick(picked: Picked): void; onClose(): void }) {
  const connectors = useQuery(queries.connectors)
  const systemTitle = useSystemTitle()
  const connections = useDocumentState(s => s.model?.connections)
  const [typed, setTyped] = useState('')
  const options = useMemo(() => {
    const list: Option[] = activities.filter(a => a.takes === 'none' || a.takes === 'connection').map(activity => ({ id: activity.key, activity, target: null, title: activity.verb, about: activity.help, connector: null, search: `${activity.key} ${activity.verb} ${activity.help}`.toLowerCase() }))
    for (const [logical, name] of Object.entries(connections ?? {})) {
      const connector = connectors.data?.find(c => c.name === name)
      for (const entity of connector?.entities ?? []) {
        for (const activity of activities.filter(a => a.takes === 'entity' && (a.needs === undefined || entity[a.needs]))) {
          const title = `${activity.verb} ${entity.title ?? words(entity.name)}`
          list.push({ id: `${activity.key} ${logical}/${entity.name}`, activity, target: `${logical}/${entity.name}`, title, about: activity.help, connector: name, search: `${activity.key} ${title} ${logical}/${entity.name} ${connector!.title}`.toLowerCase() })
        }
      }
      for (const operation of connector?.operations ?? []) {
        list.push({ id: `call ${logical}/${operation.name}`, activity: activities.find(a => a.key === 'call')!, target: `${logical}/${operation.name}`, title: words(operation.name.replace('.', ' ')), about: operation.description, connector: name, search: `call ${operation.name} ${operation.description}`.toLowerCase() })
      }
    }
    return list
  }, [connectors.data, connections])
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = options.filter(o => parts.every(part => o.search.includes(part))).sort((a, b) => rank(a, parts) - rank(b, parts))
  const shown = fits.slice(0, most)
  const groups = parts.length > 0 ? [{ title: 'Steps', items: shown }] : groupsOf(fits, systemTitle)
  return (
    <Dialog title={place} isOpen onClose={onClose} className="picker">
      <Autocomplete inputValue={typed} onInputChange={setTyped}>
        <SearchField aria-label="Search steps" autoFocus><Input className="input" placeholder="Type what the step does: find contact, upsert account, branch" /></SearchField>
        <ListBox className="list" aria-label="Steps" selectionMode="none" onAction={key => { const option = options.find(o => o.id === key); if (option) onPick(option) }} renderEmptyState={() => <p className="quiet-text picker-empty">Nothing fits. Try a record type or a verb.</p>}>
          {groups.map(group => (
            <ListBoxSection key={group.title}>
              <Header className="picker-head">{group.title}</Header>
              {group.items.map(o => <ListBoxItem key={o.id} id={o.id} textValue={o.title} className="option"><StepTile activity={o.activity.key} connector={o.connector} small /><span className="cut"><b>{o.title}</b><br /><small>{o.about}</small></span>{o.connector && <small>{systemTitle(o.connector)}</small>}</ListBoxItem>)}
            </ListBoxSection>
          ))}
        </ListBox>
      </Autocomplete>
      {fits.length > shown.length && parts.length > 0 && <p className="help">{fits.length - shown.length} more; type on to narrow it down.</p>}
    </Dialog>
  )
}

const rank = (option: Option, parts: string[]) => (parts.some(part => option.activity.key === part) ? 0 : parts.some(part => option.title.toLowerCase().startsWith(part)) ? 1 : 2) * 100 + activities.indexOf(option.activity)

function groupsOf(options: Option[], systemTitle: (name: string) => string): { title: string; items: Option[] }[] {
  const of = (title: string, fits: (o: Option) => boolean, n: number) => ({ title, items: options.filter(fits).slice(0, n) })
  const systems = [...new Set(options.map(o => o.connector).filter(c => c !== null))]
  return [of('Without a system', o => o.connector === null, 12), ...systems.map(system => of(systemTitle(system), o => o.connector === system, 14))].filter(group => group.items.length > 0)
}
