import { Link, Outlet } from '@tanstack/react-router'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CloudOff, Moon, Sun } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { ask, credential, Offline, reach } from '../api/http'
import { CommandKeys } from '../commands/CommandKeys'
import { useOffer } from '../commands/offers'
import { Button } from '../kit/controls'
import { places } from './places'
import { SignIn } from './SignIn'

const preferred = () => localStorage.getItem('designer.theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')

export function Frame() {
  const [theme, setTheme] = useState(preferred)
  const [signedOut, setSignedOut] = useState(false)
  useEffect(() => credential.onSignedOut(() => setSignedOut(true)) as never, [])
  useEffect(() => { document.documentElement.dataset.theme = theme }, [theme])
  const alive = useQuery({ queryKey: ['alive'], queryFn: () => ask<unknown>('/health/live').then(() => true), refetchInterval: query => (query.state.error ? 3000 : 20_000), retry: false })
  const client = useQueryClient()
  useEffect(() => reach.onLost(() => {
    const state = client.getQueryState(['alive'])
    if (state?.fetchStatus === 'idle' && !state.error) void client.refetchQueries({ queryKey: ['alive'] })
  }), [client])
  const other = theme === 'dark' ? 'light' : 'dark'
  const recolour = () => { localStorage.setItem('designer.theme', other); setTheme(other) }
  useOffer({ title: 'Everywhere', commands: [{ id: 'theme', title: `Use the ${other} colours`, run: recolour }] })
  if (signedOut) return <SignIn onDone={() => setSignedOut(false)} />
  return (
    <div className="app">
      <nav className="rail" aria-label="Main" data-pane="a.active">
        {places.slice(0, -1).map(place => <Place key={place.to} place={place} />)}
        <div className="foot"><CommandKeys /><Place place={places[places.length - 1]!} /><Button look="quiet" icon tip={`Use the ${other} colours`} onPress={recolour}>{theme === 'dark' ? <Sun size={17} /> : <Moon size={17} />}</Button></div>
      </nav>
      {alive.error instanceof Offline && <div className="bar-offline" role="status"><CloudOff size={16} aria-hidden />The server cannot be reached. You can go on editing; changes are saved when it is back.</div>}
      <div className="screen"><Outlet /></div>
    </div>
  )
}

const Place = ({ place }: { place: (typeof places)[number] }) => <Link to={place.to} activeProps={{ className: 'active' }} activeOptions={{ exact: false }}><place.icon size={19} aria-hidden /><span>{place.label}</span></Link>

export function Top({ crumb, title, state, tabs, actions }: { crumb?: ReactNode; title: string; state?: ReactNode; tabs?: ReactNode; actions?: ReactNode }) {
  useEffect(() => { document.title = title + ' · Flows' }, [title])
  return <header className="top"><div className="crumb">{crumb}<h1 className="cut">{title}</h1>{state}</div>{tabs}{(tabs || actions) && <div className="actions">{actions}</div>}</header>
}
