import { Link } from '@tanstack/react-router'
import type { AuditRecord } from '../../api/insight.ts'
import { Time } from '../../ui/time.tsx'
import styles from './audit-records.module.css'
import { changedFields, sayAction, sayActor } from './audit-words.ts'

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

/** Records in sentences, day by day. */
export function AuditRecords({
  records,
  onActor,
}: {
  readonly records: readonly AuditRecord[]
  /** Whoever is chosen by their id. */
  readonly onActor: (actorId: string) => void
}) {
  const days = Map.groupBy(records, ({ at }) => day.format(new Date(at)))
  return [...days].map(([name, ofDay]) => (
    <section key={name} className="stack-small">
      <h3 className={styles.day}>{name}</h3>
      <ul className={styles.records}>
        {ofDay.map((record) => (
          <Record key={record.id} record={record} onActor={onActor} />
        ))}
      </ul>
    </section>
  ))
}

function Record({ record, onActor }: { readonly record: AuditRecord; readonly onActor: (actorId: string) => void }) {
  const { actor, at, reason, target, connectionId } = record
  return (
    <li className={styles.record}>
      <div className={styles.sentence}>
        <p>
          <button
            type="button"
            className={styles.actor}
            title="Show what else they did"
            onClick={() => onActor(actor.id)}
          >
            {sayActor(actor)}
          </button>{' '}
          {sayAction(record)}.{reason !== null && <> “{reason}”</>}
          {target.kind === 'sync' && connectionId !== null && (
            <>
              {' '}
              <Link to="/connections/$connectionId/syncs/$syncId" params={{ connectionId, syncId: target.id }}>
                See it
              </Link>
            </>
          )}
        </p>
        <span className="muted small">
          <Time at={at} />
        </span>
      </div>
      <details className={styles.details}>
        <summary>Details</summary>
        <Details record={record} />
      </details>
    </li>
  )
}

function Details({ record }: { readonly record: AuditRecord }) {
  const fields = changedFields(record)
  return (
    <dl className={styles.facts}>
      {fields.map(({ name, from, to }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{from === null ? to : to === null ? `was ${from}` : `from ${from} to ${to}`}</dd>
        </div>
      ))}
      <div>
        <dt>record</dt>
        <dd>
          <code>{record.action}</code> · <code>{record.id}</code>
        </dd>
      </div>
      <div>
        <dt>by</dt>
        <dd>
          {record.actor.kind} <code>{record.actor.id}</code>
        </dd>
      </div>
      {record.requestId !== null && (
        <div>
          <dt>request</dt>
          <dd>
            <code>{record.requestId}</code>
          </dd>
        </div>
      )}
    </dl>
  )
}
