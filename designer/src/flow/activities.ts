// What a step can do, in the words people read. The keys and their types come from the flow schema; this is order, wording and which systems fit.

export interface Activity {
  key: string
  /** What the step does, as a verb. */
  verb: string
  help: string
  group: 'read' | 'write' | 'control'
  /** What follows the key: a record type, a connector's operation, or neither. */
  takes: 'entity' | 'operation' | 'connection' | 'none'
  needs?: 'queryable' | 'creatable' | 'updatable' | 'deletable'
}

const of = (key: string, verb: string, help: string, group: Activity['group'], takes: Activity['takes'], needs?: Activity['needs']): Activity => ({ key, verb, help, group, takes, needs })

export const activities: readonly Activity[] = [
  of('upsert', 'Create or update', 'Updates the record that the rules find, else creates one', 'write', 'entity', 'creatable'),
  of('lookup', 'Find one', 'One record, or nothing', 'read', 'entity', 'queryable'),
  of('query', 'Find many', 'All records that fit', 'read', 'entity', 'queryable'),
  of('create', 'Create', 'A new record, once per key', 'write', 'entity', 'creatable'),
  of('update', 'Update', 'Changes one record, or all that fit', 'write', 'entity', 'updatable'),
  of('delete', 'Delete', 'Removes one record, or all that fit', 'write', 'entity', 'deletable'),
  of('aggregate', 'Count and sum', 'Totals over many records', 'read', 'entity', 'queryable'),
  of('sync', 'Keep children equal', 'Makes the children of one record equal a list', 'write', 'entity', 'creatable'),
  of('merge', 'Merge', 'Joins duplicates into one record', 'write', 'entity', 'updatable'),
  of('map', 'Compute values', 'Named values for the steps that follow', 'control', 'none'),
  of('branch', 'Choose a path', 'The first case that holds', 'control', 'none'),
  of('forEach', 'For each', 'The same steps for each item of a list', 'control', 'none'),
  of('call', 'Call', 'An operation of a system', 'write', 'operation'),
  of('stop', 'Stop', 'Ends the run well', 'control', 'none'),
  of('fail', 'Fail', 'Ends the run as a failure', 'control', 'none'),
  of('warn', 'Warn', 'Goes on, and shows an incident', 'control', 'none'),
  of('next', 'Next item', 'Ends this item of a loop', 'control', 'none'),
  of('wait', 'Wait', 'A pause that survives a restart', 'control', 'none'),
  of('flow', 'Run a flow', 'Another flow inside this run', 'control', 'none'),
  of('start', 'Start a flow', 'Hands over to a flow under its own key', 'control', 'none'),
  of('http', 'Ask a web service', 'A request through a named connection', 'write', 'connection'),
]

export const activityOf = (key: string): Activity | undefined => activities.find(activity => activity.key === key)

/** Where a new key of a step is written: behind those that usually come before it. */
export const stepKeyOrder: readonly string[] = [
  'id', ...activities.map(a => a.key), 'if', 'connection', 'method', 'path', 'as', 'within', 'each', 'record', 'where', 'keep', 'remove', 'scan', 'groupBy', 'sum', 'min', 'max', 'orderBy', 'limit', 'orElse', 'onSeveral', 'all', 'once', 'match',
  'onAmbiguous', 'onOwned', 'onDeleted', 'skipUnchanged', 'empty', 'key', 'with', 'at', 'set', 'setFrom', 'setOnCreate', 'setOnUpdate', 'survivorship', 'missing', 'do', 'output', 'onItemError', 'concurrency', 'releaseKey', 'options', 'retry',
  'timeout', 'onError', 'note', 'was',
]

/** Titles of settings, where the key alone would puzzle. */
export const settingTitles: Record<string, string> = {
  id: 'Step id', if: 'Only if', where: 'Which records', orderBy: 'Sort by', limit: 'At most', orElse: 'If nothing is found', onSeveral: 'If several are found', scan: 'Read everything and filter here', match: 'How the record is found',
  onAmbiguous: 'If several records match', onOwned: 'If the record belongs to another key', onDeleted: 'If the record was deleted', skipUnchanged: 'Skip when nothing changed', empty: 'When a value is empty', set: 'Fields',
  setOnCreate: 'Fields set on create only', setOnUpdate: 'Fields set on update only', setFrom: 'Shared mapping file', record: 'Record id', all: 'Change all that fit', once: 'Key that makes it happen once', as: 'Name of the item', do: 'Steps', output: 'Result',
  onItemError: 'If an item fails', concurrency: 'Items at the same time', with: 'Values handed over', key: 'Key', at: 'When', retry: 'Tries again', attempts: 'Attempts', first: 'First pause', most: 'Longest pause', timeout: 'Time limit of one call',
  onError: 'If it fails', options: 'Options', note: 'Note', was: 'Earlier ids', missing: 'Children not in the list', each: 'List', within: 'Children of', groupBy: 'Group by', sum: 'Sums', min: 'Smallest', max: 'Largest', map: 'Values',
  forEach: 'List', stop: 'Reason', fail: 'Reason', warn: 'Message', wait: 'How long', releaseKey: 'Let others with this key go on', call: 'Operation', flow: 'Flow', start: 'Flow', http: 'Connection', keep: 'Record that stays', remove: 'Records that go',
  survivorship: 'Which value wins', on: 'Record change', schedule: 'Schedule', timeZone: 'Time zone', for: 'Changes it fetches', after: 'When to run', webhook: 'Webhook name', eventId: 'What makes two calls the same', manual: 'Started by hand',
  filter: 'Only records where', sticky: 'Once in, always in', every: 'Ask every', latestOnly: 'Only the newest change', onlyWhenChanged: 'Only when a field it reads changed', since: 'Begins at', becomes: 'When it becomes', concurrencyLimit: 'At once',
}

export const titleOf = (key: string): string => settingTitles[key] ?? words(key)

/** "losingPerson" and "losing_person" as "Losing person". */
export function words(name: string): string {
  const text = name.replace(/[_-]+/g, ' ').replace(/([a-z\d])([A-Z])/g, '$1 $2').trim()
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/ ([A-Z])(?=[a-z])/g, (_, letter: string) => ' ' + letter.toLowerCase())
}
