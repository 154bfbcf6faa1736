import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { connectionQuery } from '../api/queries.ts'
import { PageHeader } from '../ui/page.tsx'
import { QueryView } from '../ui/query-view.tsx'
import { NoPermission } from '../ui/state.tsx'
import { ConnectionActions } from './connection-actions.tsx'
import styles from './connection-layout.module.css'
import { ConnectionStatus } from './connection-status.tsx'
import { HeldBanner } from './held-banner.tsx'
import { NotFound } from './route-states.tsx'

const tabs = [
  ['Overview', '/connections/$connectionId'],
  ['Syncs', '/connections/$connectionId/syncs'],
  ['Access', '/connections/$connectionId/access'],
  ['Changes', '/connections/$connectionId/changes'],
  ['Held removals', '/connections/$connectionId/removals'],
  ['Settings', '/connections/$connectionId/settings'],
  ['Audit', '/connections/$connectionId/audit'],
] as const

/** The frame of all pages of one connection: what it is, how it is, and what can be done with it. */
export function ConnectionLayout() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId' })
  const query = useQuery(connectionQuery(connectionId))
  return (
    <QueryView
      query={query}
      skeletonLines={6}
      onProblem={({ status }) =>
        status === 404 ? <NotFound /> : status === 403 ? <NoPermission scope="connections:read" /> : undefined
      }
    >
      {(connection) => (
        <>
          <PageHeader
            title={connection.name}
            description={
              <span className="row">
                <ConnectionStatus connection={connection} />
                <span>
                  {connection.workspace.name} · <code>{connection.uniqueIdentifier}</code>
                </span>
              </span>
            }
            actions={<ConnectionActions connection={connection} />}
          />
          <nav aria-label="Of this connection" className={styles.tabs}>
            {tabs.map(([name, to]) => (
              <Link
                key={to}
                to={to}
                params={{ connectionId }}
                activeOptions={{ exact: name === 'Overview', includeSearch: false }}
              >
                {name}
              </Link>
            ))}
          </nav>
          <HeldBanner connection={connection} />
          <Outlet />
        </>
      )}
    </QueryView>
  )
}
