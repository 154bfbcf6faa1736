import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { holdQuery } from '../../api/queries.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { NoPermission } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import { HeldRemovals } from './held-removals.tsx'
import { HoldHistory } from './hold-history.tsx'
import { NothingHeld } from './nothing-held.tsx'
import { Outcome } from './outcome.tsx'

/** The removals that the guard has stopped: what they are, why, and the decision about them. */
export function RemovalsPage() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/removals' })
  const isAllowed = useMay('access:read')
  const query = useQuery({ ...holdQuery(connectionId), enabled: isAllowed })
  const [outcome, setOutcome] = useState<string | null>(null)
  if (!isAllowed) return <NoPermission scope="access:read" />
  return (
    <div className="stack">
      <Outcome text={outcome} />
      <QueryView
        query={query}
        skeletonLines={10}
        onProblem={({ status }) => (status === 403 ? <NoPermission scope="access:read" /> : undefined)}
      >
        {(hold) =>
          hold === null ? (
            <NothingHeld connectionId={connectionId} />
          ) : (
            <HeldRemovals connectionId={connectionId} hold={hold} onOutcome={setOutcome} />
          )
        }
      </QueryView>
      <HoldHistory connectionId={connectionId} />
    </div>
  )
}
