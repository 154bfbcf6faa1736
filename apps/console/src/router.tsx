import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readAccessSearch } from './features/access/access-search.ts'
import { readAuditSearch } from './features/audit/audit-search.ts'
import { readChangesSearch } from './features/changes/changes-search.ts'
import { readConnectSearch } from './features/connect/steps.ts'
import { sessionQuery } from './features/session/session.ts'
import { SignInPage } from './features/session/sign-in-page.tsx'
import { AppShell } from './shell/app-shell.tsx'
import { ConnectionLayout } from './shell/connection-layout.tsx'
import { NotFound, RouteError } from './shell/route-states.tsx'

interface Context {
  readonly queryClient: QueryClient
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ to }: Record<string, unknown>): { readonly to?: string } => (isOwnPath(to) ? { to } : {}),
  component: SignInPage,
})

/** Everything that is only for those who are signed in. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery)
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href } })
  },
  component: AppShell,
})

const applicationsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./features/applications/applications-page.tsx'), 'ApplicationsPage'),
})

const marketplaceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/marketplace',
  component: lazyRouteComponent(() => import('./features/marketplace/marketplace-page.tsx'), 'MarketplacePage'),
})

const bitbucketRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/marketplace/bitbucket-cloud',
  component: lazyRouteComponent(() => import('./features/marketplace/bitbucket-page.tsx'), 'BitbucketPage'),
})

const keysRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/keys',
  component: lazyRouteComponent(() => import('./features/keys/keys-page.tsx'), 'KeysPage'),
})

const connectRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/connect',
  validateSearch: readConnectSearch,
  component: lazyRouteComponent(() => import('./features/connect/connect-page.tsx'), 'ConnectPage'),
})

const connectionRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/connections/$connectionId',
  component: ConnectionLayout,
})

const overviewRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./features/overview/overview-page.tsx'), 'OverviewPage'),
})

const syncsRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/syncs',
  component: lazyRouteComponent(() => import('./features/syncs/syncs-page.tsx'), 'SyncsPage'),
})

const syncRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/syncs/$syncId',
  component: lazyRouteComponent(() => import('./features/syncs/sync-page.tsx'), 'SyncPage'),
})

const removalsRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/removals',
  component: lazyRouteComponent(() => import('./features/holds/removals-page.tsx'), 'RemovalsPage'),
})

const accessRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/access',
  validateSearch: readAccessSearch,
  component: lazyRouteComponent(() => import('./features/access/access-page.tsx'), 'AccessPage'),
})

const changesRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/changes',
  validateSearch: readChangesSearch,
  component: lazyRouteComponent(() => import('./features/changes/changes-page.tsx'), 'ChangesPage'),
})

const settingsRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
})

const auditRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./features/audit/audit-page.tsx'), 'AuditPage'),
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  insideRoute.addChildren([
    applicationsRoute,
    marketplaceRoute,
    bitbucketRoute,
    keysRoute,
    connectRoute,
    connectionRoute.addChildren([
      overviewRoute,
      syncsRoute,
      syncRoute,
      removalsRoute,
      accessRoute,
      changesRoute,
      settingsRoute,
      auditRoute,
    ]),
  ]),
])

/** The pages by their addresses. Each is loaded when it is first gone to. */
export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({ routeTree, context: { queryClient }, defaultPreload: 'intent', scrollRestoration: true })
}

/** A sign-in leads to pages of this console only, wherever a link says it should. */
function isOwnPath(to: unknown): to is string {
  return typeof to === 'string' && to.startsWith('/') && !to.startsWith('//') && !to.includes('\\')
}
