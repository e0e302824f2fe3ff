import { words } from '../flow/activities'

/** What a person did, as people say it: the thing, and what became of it. */
export const deeds: Record<string, string> = {
  'backfill.begin': 'Backfill begun',
  'backfill.cancel': 'Backfill cancelled',
  'connection.delete': 'Connection deleted',
  'connection.put': 'Connection saved',
  'dead-letter.discard': 'Dead letter discarded',
  'dead-letter.replay': 'Dead letters replayed',
  'dead-letter.replay-changed': 'Dead letter changed and replayed',
  'deployment.delete': 'Deployment taken away',
  'deployment.pause': 'Deployment paused',
  'deployment.prepare': 'Fields made in the org',
  'deployment.put': 'Deployment changed',
  'deployment.resume': 'Deployment resumed',
  'deployment.run': 'Flow started by hand',
  'draft.delete': 'Draft deleted',
  'draft.save': 'Draft saved',
  'hook-token.delete': 'Webhook token deleted',
  'hook-token.make': 'Webhook token made',
  'key.make': 'API key made',
  'key.revoke': 'API key revoked',
  'key.rotate': 'API key replaced',
  'review.decide': 'Review decided',
  'run.replay': 'Run replayed',
  'template.put': 'Template published',
  'workspace.import': 'Workspace imported',
}

/** Where nothing was before, these made it. */
const first: Record<string, string> = { 'connection.put': 'Connection made', 'deployment.put': 'Deployment made', 'draft.save': 'Draft made' }

/** A kind that a newer server has and this page does not know is told by its own name. */
export const deed = (action: string, isFirst = false): string => (isFirst ? first[action] : undefined) ?? deeds[action] ?? words(action.replace('.', ' '))
