import { useQuery } from '@tanstack/react-query'
import { budgetQuery } from '../../api/insight.ts'
import { CredentialBudget } from '../../shell/credential-budget.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { NoPermission } from '../../ui/state.tsx'

/** What the rolling hour of each credential has left. */
export function BudgetPanel({ connectionId }: { readonly connectionId: string }) {
  const query = useQuery(budgetQuery(connectionId))
  return (
    <Panel title="Request budget">
      <QueryView
        query={query}
        skeletonLines={5}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="connections:read" /> : undefined)}
      >
        {({ credentials }) => (
          <div className="stack">
            {credentials.map((budget) => (
              <CredentialBudget key={`${budget.kind}/${budget.key}`} budget={budget} />
            ))}
          </div>
        )}
      </QueryView>
    </Panel>
  )
}
