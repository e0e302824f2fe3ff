import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, type ErrorComponentProps } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { Empty } from '../kit/states'
import { FlowsScreen } from '../flows/FlowsScreen'
import { Frame, Top } from './Frame'

/** A mistake of ours: the rail stays, and says what can be done. */
function Broken({ error }: ErrorComponentProps) {
  return <><Top title="This page has a fault" /><main className="page"><Empty icon={CircleAlert} action={<button type="button" className="button" onClick={() => location.reload()}>Load it again</button>}>The designer made a mistake here. What was saved is safe.<br /><span className="quiet-text">{error instanceof Error ? error.message : String(error)}</span></Empty></main></>
}

const root = createRootRoute({ component: Frame, notFoundComponent: () => <><Top title="Not found" /><main className="page"><Empty action={<Link to="/" className="button">To the flows</Link>}>There is no such page.</Empty></main></> })
const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)

const flows = createRoute({ getParentRoute: () => root, path: '/', component: FlowsScreen })
interface FlowSearch {
  file: string | undefined
  tab: string | undefined
  step: string | undefined
  run: string | undefined
  /** Of the list of its runs. */
  deployment?: string | undefined
  outcome?: string | undefined
  key?: string | undefined
  /** Of its versions: the two that lie beside each other. */
  before?: string | undefined
  after?: string | undefined
}
export const flowRoute = createRoute({
  getParentRoute: () => root,
  path: '/flows/$id',
  validateSearch: (search: Record<string, unknown>): FlowSearch => ({ file: text(search.file), tab: text(search.tab), step: text(search.step), run: text(search.run), deployment: text(search.deployment), outcome: text(search.outcome), key: text(search.key), before: text(search.before), after: text(search.after) }),
  component: lazyRouteComponent(() => import('../design/FlowScreen'), 'FlowScreen'),
})
export const runsRoute = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (search: Record<string, unknown>) => ({ deployment: text(search.deployment), outcome: text(search.outcome), key: text(search.key), run: text(search.run) }),
  component: lazyRouteComponent(() => import('../runs/RunsScreen'), 'RunsScreen'),
})
export const deadLettersRoute = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: (search: Record<string, unknown>) => ({ deployment: text(search.deployment), fingerprint: text(search.fingerprint), id: text(search.id) }),
  component: lazyRouteComponent(() => import('../deadLetters/DeadLettersScreen'), 'DeadLettersScreen'),
})
export const reviewsRoute = createRoute({
  getParentRoute: () => root,
  path: '/reviews',
  validateSearch: (search: Record<string, unknown>) => ({ deployment: text(search.deployment), state: text(search.state), id: text(search.id) }),
  component: lazyRouteComponent(() => import('../reviews/ReviewsScreen'), 'ReviewsScreen'),
})
const deployments = createRoute({ getParentRoute: () => root, path: '/deployments', component: lazyRouteComponent(() => import('../deployments/DeploymentsScreen'), 'DeploymentsScreen') })
export const versionsRoute = createRoute({
  getParentRoute: () => root,
  path: '/versions',
  validateSearch: (search: Record<string, unknown>) => ({ deployment: text(search.deployment), before: text(search.before), after: text(search.after) }),
  component: lazyRouteComponent(() => import('../versions/VersionsScreen'), 'VersionsScreen'),
})
export const deployRoute = createRoute({
  getParentRoute: () => root,
  path: '/deploy',
  validateSearch: (search: Record<string, unknown>) => ({ template: text(search.template), deployment: text(search.deployment), step: text(search.step) }),
  component: lazyRouteComponent(() => import('../deployments/DeployScreen'), 'DeployScreen'),
})
const connections = createRoute({ getParentRoute: () => root, path: '/connections', component: lazyRouteComponent(() => import('../connections/ConnectionsScreen'), 'ConnectionsScreen') })
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: lazyRouteComponent(() => import('../audit/AuditScreen'), 'AuditScreen') })
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('../settings/SettingsScreen'), 'SettingsScreen') })

export const router = createRouter({ routeTree: root.addChildren([flows, flowRoute, runsRoute, deadLettersRoute, reviewsRoute, deployments, versionsRoute, deployRoute, connections, audit, settings]), basepath: '/designer', defaultErrorComponent: Broken, defaultPreload: 'intent' })

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
