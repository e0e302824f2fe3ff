import { CircleAlert, CircleCheck, CircleMinus, CircleSlash, Filter, Layers } from 'lucide-react'
import type { Outcome } from '../api/contract'

const looks: Record<Outcome, { word: string; icon: typeof CircleCheck; look: string }> = {
  succeeded: { word: 'Succeeded', icon: CircleCheck, look: 'ok' },
  failed: { word: 'Failed', icon: CircleAlert, look: 'error' },
  stopped: { word: 'Stopped', icon: CircleMinus, look: '' },
  filtered: { word: 'Filtered out', icon: Filter, look: '' },
  unchanged: { word: 'Unchanged', icon: CircleSlash, look: '' },
  superseded: { word: 'Superseded', icon: Layers, look: '' },
}

export const outcomes = Object.entries(looks).map(([id, look]) => ({ id, label: look.word }))

export function OutcomeWord({ outcome }: { outcome: Outcome }) {
  const look = looks[outcome] ?? { word: outcome, icon: CircleMinus, look: '' }
  return <span className={'state ' + look.look}><look.icon size={15} aria-hidden />{look.word}</span>
}
