import { Link } from '@tanstack/react-router'
import type { Connection } from '../../api/queries.ts'
import { saySchedule } from '../../api/schedule-words.ts'
import { whyOf } from '../../api/status-words.ts'
import { ConnectionStatus } from '../../shell/connection-status.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { Ago, Time } from '../../ui/time.tsx'

/** In which state a connection is, why, since when, and what to do about it. */
export function StatePanel({ connection }: { readonly connection: Connection }) {
  const { status, schedule, lastCompletedAt, createdAt, latestSync, id: connectionId } = connection
  const { means, remedy } = whyOf(connection)
  const isUnderWay = latestSync !== null && (latestSync.state === 'running' || latestSync.state === 'requested')
  return (
    <Panel
      title={
        <span className="row">
          State <ConnectionStatus connection={connection} />
        </span>
      }
      actions={
        status.state === 'held' ? (
          <Link
            to="/connections/$connectionId/removals"
            params={{ connectionId }}
            className={buttonClass('primary', 'small')}
          >
            Decide on the removals
          </Link>
        ) : (
          isUnderWay && (
            <Link
              to="/connections/$connectionId/syncs/$syncId"
              params={{ connectionId, syncId: latestSync.id }}
              className={buttonClass('secondary', 'small')}
            >
              Watch the sync
            </Link>
          )
        )
      }
    >
      <div className="stack">
        <p>
          {means} {remedy !== null && <strong>{remedy}</strong>}
        </p>
        <Facts
          items={[
            ['So since', status.since === null ? 'Not known' : <Ago at={status.since} />],
            ['Last full or incremental sync', lastCompletedAt === null ? 'None yet' : <Ago at={lastCompletedAt} />],
            ['Schedule', saySchedule(schedule)],
            ['Connected', <Time key="createdAt" at={createdAt} />],
          ]}
        />
      </div>
    </Panel>
  )
}
