import { useQuery } from '@tanstack/react-query'
import { notReadQuery } from '../../api/insight.ts'
import { coverageQuery } from '../../api/queries.ts'
import { NotReadList } from '../../shell/not-read-list.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Ago, formatCount } from '../../ui/time.tsx'

const states: Readonly<Record<'complete' | 'partial' | 'none', readonly [tone: Tone, name: string]>> = {
  complete: ['good', 'Complete'],
  partial: ['warn', 'Partial'],
  none: ['neutral', 'Nothing read to its end yet'],
}

/** How much of the workspace is covered, and what could not be read, with the reason. */
export function CoveragePanel({ connectionId }: { readonly connectionId: string }) {
  const query = useQuery(notReadQuery(connectionId))
  return (
    <Panel title="Coverage">
      <div className="stack">
        <Covered connectionId={connectionId} />
        <QueryView query={query}>
          {({ scopes, more }) =>
            scopes.length === 0 ? (
              <p className="muted">All that was tried could be read.</p>
            ) : (
              <div className="stack-small">
                <h3>What could not be read</h3>
                <NotReadList connectionId={connectionId} scopes={scopes} more={more} />
              </div>
            )
          }
        </QueryView>
        <p className="muted small">
          Bitbucket shows access tokens, deploy keys, branch restrictions and pending invitations to nobody by this way:
          they are never covered.
        </p>
      </div>
    </Panel>
  )
}

function Covered({ connectionId }: { readonly connectionId: string }) {
  const query = useQuery(coverageQuery(connectionId))
  return (
    <QueryView query={query} skeletonLines={2}>
      {({ state, observedAt, sequence, time, rebuilding }) => (
        <Facts
          items={[
            [
              'What is known covers the workspace',
              <Badge key="state" tone={states[state][0]}>
                {states[state][1]}
              </Badge>,
            ],
            ['As of the sync that ended', observedAt === null ? '–' : <Ago at={observedAt} />],
            [
              'Answers include',
              <span key="sequence">
                event {formatCount(sequence)}
                {time !== null && (
                  <>
                    , <Ago at={time} />
                  </>
                )}
                {rebuilding && ' (being mended: events were missing)'}
              </span>,
            ],
          ]}
        />
      )}
    </QueryView>
  )
}
