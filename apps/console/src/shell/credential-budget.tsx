import type { CredentialBudget as Budget } from '../api/insight.ts'
import { Ago, countOf, formatClock, formatCount } from '../ui/time.tsx'
import styles from './credential-budget.module.css'

const kinds: Readonly<Record<Budget['kind'], string>> = {
  'oauth-consumer': 'OAuth consumer',
  'api-token': 'API token',
}

/** The rolling hour of one credential: what is used, taken by work that goes on, kept back for people, and free. */
export function CredentialBudget({ budget }: { readonly budget: Budget }) {
  const { used, leased, free, freeForSyncs, limit } = budget
  const parts = [
    ['used', used, 'used in the last hour'],
    ['leased', leased, 'taken by work under way'],
    ['keptBack', free - freeForSyncs, 'kept back for people who wait'],
    ['free', freeForSyncs, 'free for syncs'],
  ] as const
  return (
    <div className="stack-small">
      <p className="spread">
        <span>
          <strong>{kinds[budget.kind]}</strong> <code>{budget.key}</code>
        </span>
        <span className="muted small numeric">
          {formatCount(used + leased)} of {formatCount(limit)} an hour
        </span>
      </p>
      <svg className={styles.gauge} aria-hidden="true" preserveAspectRatio="none" viewBox={`0 0 ${limit} 1`}>
        {parts.map(([part, count], index) => (
          <rect
            key={part}
            className={styles[part]}
            x={parts.slice(0, index).reduce((sum, [, before]) => sum + before, 0)}
            width={count}
            height="1"
          />
        ))}
      </svg>
      <dl className={styles.parts}>
        {parts.map(([part, count, name]) => (
          <div key={part}>
            <dt>
              <span className={styles[`${part}Key`]} aria-hidden="true" />
              {name}
            </dt>
            <dd className="numeric">{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      <p className="small">
        <Next budget={budget} />
        {budget.otherConnections > 0 && (
          <> Shared with {countOf(budget.otherConnections, 'other connection')} of yours.</>
        )}
      </p>
    </div>
  )
}

function Next({ budget: { restingUntil, nextFreeAt, forecast } }: { readonly budget: Budget }) {
  if (restingUntil !== null) {
    return (
      <>
        Bitbucket refused for want of room: nothing is asked before {formatClock(restingUntil)} (
        <Ago at={restingUntil} />
        ).
      </>
    )
  }
  if (nextFreeAt !== null) {
    return (
      <>
        Syncs have room again at {formatClock(nextFreeAt)} (<Ago at={nextFreeAt} />
        ).
      </>
    )
  }
  const last = forecast.at(-1)
  return <>There is room now.{last && ` By ${formatClock(last.at)}, ${formatCount(last.freeForSyncs)} are free.`}</>
}
