import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Hold } from '../../api/queries.ts'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { formatCount } from '../../ui/time.tsx'
import { Decisions } from './decisions.tsx'
import { Explanations } from './explanations.tsx'
import styles from './held-removals.module.css'
import { listedMax, removalsQuery } from './hold-queries.ts'
import { HoldSummary } from './hold-summary.tsx'
import { RemovalsTable } from './removals-table.tsx'

export interface HeldRemovalsProps {
  readonly connectionId: string
  readonly hold: Hold
  /** Called with what became of a decision, in a sentence. */
  readonly onOutcome: (text: string) => void
}

/** What is held, with all that is needed to decide on it. */
export function HeldRemovals({ connectionId, hold, onOutcome }: HeldRemovalsProps) {
  const query = useQuery(removalsQuery(connectionId, hold))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const removals = query.data ?? []
  // What was decided or restored meanwhile is no longer among them.
  const stillChosen = new Set(removals.map(({ id }) => id).filter((id) => chosen.has(id)))
  return (
    <>
      <HoldSummary connectionId={connectionId} hold={hold} removals={removals} />
      <Decisions
        {...{ connectionId, hold, chosen: stillChosen }}
        onDecided={(text) => {
          setChosen(new Set())
          onOutcome(text)
        }}
      />
      <div className={styles.parts}>
        <Panel title="What would go" flush>
          <QueryView query={query} skeletonLines={8}>
            {(all) => (
              <>
                <RemovalsTable removals={all} chosen={stillChosen} onChoose={setChosen} />
                {all.length >= listedMax && (
                  <p className={styles.more}>
                    The first {formatCount(listedMax)} are listed. To approve or to reject all concerns the others as
                    well.
                  </p>
                )}
              </>
            )}
          </QueryView>
        </Panel>
        <Explanations removals={removals} />
      </div>
    </>
  )
}
