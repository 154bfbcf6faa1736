import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { connectionsQuery } from '../../api/queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { ApplicationCard } from './application-card.tsx'
import styles from './applications-page.module.css'

/** The applications of the tenant, and how each of them is. */
export function ApplicationsPage() {
  const query = useQuery(connectionsQuery)
  const isEmpty = query.data?.length === 0
  return (
    <>
      <PageHeader
        title="Applications"
        description="What is connected, how fresh it is, and what needs somebody."
        actions={
          !isEmpty && (
            <Link to="/marketplace" className={buttonClass()}>
              Open the marketplace
            </Link>
          )
        }
      />
      <QueryView
        query={query}
        skeletonLines={8}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="connections:read" /> : undefined)}
      >
        {(connections) =>
          connections.length === 0 ? (
            <EmptyState title="No application is connected yet.">
              <Link to="/marketplace" className={buttonClass('primary')}>
                Open the marketplace
              </Link>
            </EmptyState>
          ) : (
            <ul className={styles.list} aria-label="Applications">
              {connections.map((connection) => (
                <li key={connection.id}>
                  <ApplicationCard connection={connection} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </>
  )
}
