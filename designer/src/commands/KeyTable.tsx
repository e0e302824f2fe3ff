import { useState } from 'react'
import { Dialog, Switch } from '../kit/controls'
import { everywhere } from './keys'
import { useOffers } from './offers'
import { singleKeys } from './singleKeys'

/** The keys that work here: of every part that stands on the screen now. */
export function KeyTable({ onClose }: { onClose(): void }) {
  const [single, setSingle] = useState(singleKeys.on)
  // What holds for the whole screen came last, and stands first.
  const groups = [everywhere, ...useOffers().reverse().flatMap(offer => offer.keys ?? [])]
  return (
    <Dialog title="Keys that work here" isOpen onClose={onClose} wide>
      <div className="key-groups">{groups.map(group => (
        <section key={group.title} aria-label={group.title}>
          <h3>{group.title}</h3>
          <dl>{group.rows.map(row => <div key={row.keys} className={row.single && !single ? 'off' : ''}><dt>{row.keys.split(' · ').map(key => <kbd key={key}>{key}</kbd>)}</dt><dd>{row.does}{row.single && !single && ' (switched off)'}</dd></div>)}</dl>
        </section>
      ))}</div>
      <Switch isSelected={single} onChange={on => { singleKeys.set(on); setSingle(on) }}>Keys of a single character</Switch>
      <p className="help">Switch them off if you speak to your computer, or press them without meaning to. Everything they do stands in the list of commands too, or on a button.</p>
    </Dialog>
  )
}
