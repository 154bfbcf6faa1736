import { useState } from 'react'
import type { Hold } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { formatCount } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { CheckAgain } from './check-again.tsx'
import { type Decision, DecisionDialog } from './decision-dialog.tsx'

/** What can be done about what is held: look again, approve all or a part, reject. */
export function Decisions({
  connectionId,
  hold,
  chosen,
  onDecided,
}: {
  readonly connectionId: string
  readonly hold: Hold
  readonly chosen: ReadonlySet<string>
  readonly onDecided: (text: string) => void
}) {
  const mayDecide = useMay('removals:approve')
  const [decision, setDecision] = useState<Decision | null>(null)
  const all = hold.wouldRemove.grants + hold.wouldRemove.nestings
  return (
    <Panel title="Decide">
      <div className="stack">
        <p>
          Look again first: it costs little, and what is there again needs no decision. Then approve what is really
          gone, or reject all of it. Rejected facts stay as they were told, and the same is not asked about again until
          it changes.
        </p>
        <CheckAgain
          connectionId={connectionId}
          hold={hold}
          onNothingLeft={() => onDecided('Checked again: nothing is held any more.')}
        />
        {mayDecide ? (
          <div className="row">
            <Button
              look="primary"
              isDisabled={chosen.size === 0}
              onPress={() => setDecision({ type: 'approve', only: [...chosen], count: chosen.size })}
            >
              Approve selected ({formatCount(chosen.size)})
            </Button>
            <Button onPress={() => setDecision({ type: 'approve', only: null, count: all })}>
              Approve all ({formatCount(all)})
            </Button>
            <Button look="danger" onPress={() => setDecision({ type: 'reject', count: all })}>
              Reject all ({formatCount(all)})
            </Button>
          </div>
        ) : (
          <p className="muted">
            Your key lacks the permission <code>removals:approve</code>: somebody who has it must decide.
          </p>
        )}
      </div>
      <DecisionDialog
        connectionId={connectionId}
        decision={decision}
        onClose={() => setDecision(null)}
        onDecided={onDecided}
      />
    </Panel>
  )
}
