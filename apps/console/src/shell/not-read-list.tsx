import type { NotRead } from '../api/insight.ts'
import { explainReason } from '../api/reasons.ts'
import { Badge } from '../ui/badge.tsx'
import { Ago, countOf } from '../ui/time.tsx'
import styles from './not-read-list.module.css'
import { ScopeName } from './scope-name.tsx'

const shownMax = 50

/** What could not be read, and why, since when, and what to do about it. */
export function NotReadList({
  connectionId,
  scopes,
  more,
}: {
  readonly connectionId: string
  readonly scopes: readonly NotRead[]
  /** How many there are besides those that are given. */
  readonly more: number
}) {
  const beyond = Math.max(0, scopes.length - shownMax) + more
  return (
    <>
      <ul className={styles.list}>
        {scopes.slice(0, shownMax).map((notRead) => (
          <li key={notRead.scope} className={styles.item}>
            <span className={styles.name}>
              <ScopeName connectionId={connectionId} scope={notRead.scope} /> <State notRead={notRead} />
            </span>
            <Why notRead={notRead} />
          </li>
        ))}
      </ul>
      {beyond > 0 && <p className="muted small">And {countOf(beyond, 'more')}.</p>}
    </>
  )
}

function State({ notRead: { state, reason } }: { readonly notRead: NotRead }) {
  if (reason === 'not-included') return <Badge tone="neutral">Left out</Badge>
  return state === 'stale' ? <Badge tone="warn">Stale</Badge> : <Badge tone="bad">Not observable</Badge>
}

function Why({ notRead: { reason, since, lastReadAt } }: { readonly notRead: NotRead }) {
  const { means, remedy } = explainReason(reason)
  return (
    <span className={styles.why}>
      {means}, since <Ago at={since} />.{' '}
      {lastReadAt === null ? (
        'It was never read.'
      ) : (
        <>
          Last read <Ago at={lastReadAt} />; what was known then is kept.
        </>
      )}{' '}
      {remedy}
    </span>
  )
}
