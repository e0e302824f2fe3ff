import { CircleAlert, CircleCheck, CloudOff, Inbox, Lock, RotateCcw, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Offline, Problem } from '../api/http'
import { Button } from './controls'

export function Empty({ icon: Icon = Inbox, children, action }: { icon?: LucideIcon; children: ReactNode; action?: ReactNode }) {
  return <div className="empty"><Icon size={28} aria-hidden /><p>{children}</p>{action}</div>
}

/** What failed, what to do, and the id under which the server's log has it. */
export function Failure({ error, what, retry }: { error: unknown; what: string; retry?: () => void }) {
  if (error instanceof Problem && error.status === 403) return <Empty icon={Lock}>{what} needs another role. {error.detail}</Empty>
  const offline = error instanceof Offline
  return (
    <div className="empty" role="alert">
      {offline ? <CloudOff size={28} aria-hidden /> : <CircleAlert size={28} aria-hidden />}
      <p><b>{what} could not be loaded.</b><br />{error instanceof Error ? error.message : String(error)}</p>
      {error instanceof Problem && error.requestId && <p className="quiet-text">Request <code>{error.requestId}</code></p>}
      {retry && <Button onPress={retry}><RotateCcw size={15} aria-hidden />Try again</Button>}
    </div>
  )
}

export function SkeletonTable({ rows = 6 }: { rows?: number }) {
  return <div className="skeleton-table" role="status" aria-label="Loading">{Array.from({ length: rows }, (_, i) => <div key={i} />)}</div>
}

/** Data that is loading, failed, empty or there: every list shows the same four states. */
export function Loaded<T>({ query, what, empty, isEmpty, children }: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch(): unknown }; what: string; empty?: ReactNode; isEmpty?(data: T): boolean; children(data: T): ReactNode
}) {
  if (query.data !== undefined) return isEmpty?.(query.data) ? <>{empty}</> : <>{children(query.data)}</>
  if (query.error) return <Failure error={query.error} what={what} retry={() => void query.refetch()} />
  return <SkeletonTable />
}

export function Note({ look, children, quote }: { look?: 'warn' | 'error'; children: ReactNode; quote?: string | null }) {
  const Icon = look === 'error' ? CircleAlert : look === 'warn' ? TriangleAlert : CircleCheck
  return <div className={'note ' + (look ?? '')} role={look === 'error' ? 'alert' : 'status'}><Icon size={16} aria-hidden /><div className="grow"><p>{children}</p>{quote && <p className="quote">{quote}</p>}</div></div>
}
