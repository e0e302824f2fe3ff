import { Activity, Cable, Inbox, Rocket, Scale, ScrollText, Settings, Workflow, type LucideIcon } from 'lucide-react'

/** The screens of the rail, the last at its foot. */
export const places: { to: string; label: string; icon: LucideIcon }[] = [
  { to: '/', label: 'Flows', icon: Workflow },
  { to: '/runs', label: 'Runs', icon: Activity },
  { to: '/dead-letters', label: 'Dead letters', icon: Inbox },
  { to: '/reviews', label: 'Reviews', icon: Scale },
  { to: '/deployments', label: 'Deployments', icon: Rocket },
  { to: '/connections', label: 'Connections', icon: Cable },
  { to: '/audit', label: 'Audit', icon: ScrollText },
  { to: '/settings', label: 'Settings', icon: Settings },
]
