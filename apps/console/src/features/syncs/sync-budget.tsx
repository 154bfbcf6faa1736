import { useQuery } from '@tanstack/react-query'
import { budgetQuery } from '../../api/insight.ts'
import type { Sync } from '../../api/queries.ts'
import { CredentialBudget } from '../../shell/credential-budget.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { formatCount } from '../../ui/time.tsx'

/** The hours of the credentials while a sync takes of them. */
export function SyncBudget({ sync }: { readonly sync: Sync }) {
  const query = useQuery({ ...budgetQuery(sync.connectionId), refetchInterval: 2_000 })
  return (
    <QueryView query={query} skeletonLines={4}>
      {({ credentials }) => (
        <div className="stack">
          {credentials.map((budget) => (
            <CredentialBudget key={`${budget.kind}/${budget.key}`} budget={budget} />
          ))}
          <p className="muted small">
            This sync has made {formatCount(sync.progress.requests)} requests so far. What else is used, others with the
            same credentials have made.
          </p>
        </div>
      )}
    </QueryView>
  )
}
