import { TriangleAlert } from 'lucide-react'
import type { SharedFields } from '../../api/contract'
import { Button } from '../../kit/controls'
import { countsOf, listed, sharedGroups } from './shared'

/** Deployments that write the same fields, or begin each other's runs: who, how many fields of which record type, and the answer to it. */
export const SharedFieldsNote = ({ shared, own, onShare }: { shared: SharedFields[]; own: string; onShare(fields: string[]): void }) => sharedGroups(shared, own).map(group => (
  <section key={`${group.way} ${group.others.join(' ')}`} className="note warn shared" aria-label={`Shared with ${listed(group.others)}`}>
    <TriangleAlert size={16} aria-hidden />
    <div className="grow">
      <p>{group.way !== null ? <>What these deployments write begins runs of the next one: {group.way}.</> : <><b>{listed(group.others)}</b> {group.others.length === 1 ? 'writes' : 'write'} fields that <b>{own}</b> writes too: each undoes what the other wrote.</>}</p>
      <p>{countsOf(group)}</p>
      <details><summary>Which fields</summary><dl className="facts">{group.types.map(type => <div key={type.name}><dt>{type.name}</dt><dd>{type.fields.join(', ')}</dd></div>)}</dl></details>
      <Button size="small" onPress={() => onShare(group.fields)}>{group.way !== null ? 'It is meant that they begin each other' : `It is meant that ${group.others.length === 1 ? 'both' : 'all of them'} write them`}</Button>
    </div>
  </section>
))
