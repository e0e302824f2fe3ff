import { Link, Outlet } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { Activity, Cable, CloudOff, Inbox, Moon, Scale, Rocket, ScrollText, Settings, Sun, Workflow, type LucideIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { ask, credential, Offline } from '../api/http'
import { Button } from '../kit/controls'
import { SignIn } from './SignIn'

const places: { to: string; label: string; icon: LucideIcon }[] = [
  { to: '/', label: 'Flows', icon: Workflow },
  { to: '/runs', label: 'Runs', icon: Activity },
  { to: '/dead-letters', label: 'Dead letters', icon: Inbox },
  { to: '/reviews', label: 'Reviews', icon: Scale },
  { to: '/deployments', label: 'Deployments', icon: Rocket },
  { to: '/connections', label: 'Connections', icon: Cable },
  { to: '/audit', label: 'Audit', icon: ScrollText },
]

const preferred = () => localStorage.getItem('designer.theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')

export function Frame() {
  const [theme, setTheme] = useState(preferred)
  const [signedOut, setSignedOut] = useState(false)
  useEffect(() => credential.onSignedOut(() => setSignedOut(true)) as never, [])
  useEffect(() => { document.documentElement.dataset.theme = theme }, [theme])
  const alive = useQuery({ queryKey: ['alive'], queryFn: () => ask<unknown>('/health/live').then(() => true), refetchInterval: query => (query.state.error ? 3000 : 20_000), retry: false })
  const other = theme === 'dark' ? 'light' : 'dark'
  if (signedOut) return <SignIn onDone={() => setSignedOut(false)} />
  return (
    <div className="app">
      <nav className="rail" aria-label="Main">
        {places.map(place => <Link key={place.to} to={place.to} activeProps={{ className: 'active' }} activeOptions={{ exact: false }}><place.icon size={19} aria-hidden /><span>{place.label}</span></Link>)}
        <div className="foot"><Link to="/settings" activeProps={{ className: 'active' }}><Settings size={19} aria-hidden /><span>Settings</span></Link><Button look="quiet" icon tip={`Use the ${other} colours`} onPress={() => { localStorage.setItem('designer.theme', other); setTheme(other) }}>{theme === 'dark' ? <Sun size={17} /> : <Moon size={17} />}</Button></div>
      </nav>
      {alive.error instanceof Offline && <div className="bar-offline" role="status"><CloudOff size={16} aria-hidden />The server cannot be reached. You can go on editing; changes are saved when it is back.</div>}
      <div className="screen"><Outlet /></div>
    </div>
  )
}

export function Top({ crumb, title, state, tabs, actions }: { crumb?: ReactNode; title: string; state?: ReactNode; tabs?: ReactNode; actions?: ReactNode }) {
  useEffect(() => { document.title = title + ' · Flows' }, [title])
  return <header className="top"><div className="crumb">{crumb}<h1 className="cut">{title}</h1>{state}</div>{tabs}{(tabs || actions) && <div className="actions">{actions}</div>}</header>
}
