import { Ban, Bell, CalendarClock, CircleHelp, Clock, Copy, Eye, GitFork, Globe, Hand, List, Merge, Pencil, Play, Plus, Radio, RefreshCw, Repeat, Save, Search, Shuffle, Sigma, SkipForward, Square, Terminal, Trash2, Webhook, type LucideIcon } from 'lucide-react'

const icons: Record<string, LucideIcon> = {
  upsert: Save, lookup: Search, query: List, aggregate: Sigma, create: Plus, update: Pencil, delete: Trash2, sync: RefreshCw, merge: Merge, map: Shuffle, branch: GitFork, forEach: Repeat, call: Terminal, stop: Square, fail: Ban, warn: Bell,
  next: SkipForward, wait: Clock, flow: Play, start: Copy, http: Globe, on: Radio, schedule: CalendarClock, webhook: Webhook, manual: Hand, review: Eye,
}

export function StepTile({ activity, connector, small }: { activity: string | undefined; connector: string | null; small?: boolean }) {
  const Icon = icons[activity ?? ''] ?? CircleHelp
  return <span className={'tile' + (small ? ' small' : '')} data-system={connector ?? 'engine'} aria-hidden><Icon size={small ? 15 : 18} /></span>
}
