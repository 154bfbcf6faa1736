import { Link } from '@tanstack/react-router'
import type { Hold } from '../../api/queries.ts'
import { Facts, Panel, Stat, Stats } from '../../ui/panel.tsx'
import { Ago, countOf, formatCount, Time } from '../../ui/time.tsx'
import type { HeldRemoval } from './held-causes.ts'
import styles from './hold-summary.module.css'
import { allowedOf, formatShare } from './look-again.ts'

/** In a sentence what is held and why the guard stopped it, with the figures and the time that is left. */
export function HoldSummary({
  connectionId,
  hold: { syncId, openedAt, expiresAt, wouldRemove, limit, scopes },
  removals,
}: {
  readonly connectionId: string
  readonly hold: Hold
  readonly removals: readonly HeldRemoval[]
}) {
  const { grants, nestings, of, share } = wouldRemove
  const people = new Set(removals.filter(({ kind }) => kind === 'grant').map(({ holder }) => holder)).size
  const resources = new Set(removals.map(({ resource }) => resource)).size
  const parts = [
    ...(grants > 0 ? [countOf(grants, 'grant of a person', 'grants of people')] : []),
    ...(nestings > 0 ? [countOf(nestings, 'permission of a group', 'permissions of groups')] : []),
  ]
  return (
    <Panel title={countOf(grants + nestings, 'removal is held', 'removals are held')}>
      <div className="stack">
        <p className={styles.sentence}>
          {parts.join(' and ')} {grants + nestings === 1 ? 'seems' : 'seem'} to be gone: {formatShare(share)} of all{' '}
          {formatCount(of)}. The guard lets {formatShare(limit.share)} pass within a day, and always{' '}
          {formatCount(limit.count)}; here that is {formatCount(allowedOf(limit, of))}.
        </p>
        <p className="muted">
          So many at once are more often an outage or a right that was lost than a clean-up. Nothing of it was told as
          gone: what was told stays as last known, and whatever is new is told as ever.
        </p>
        <Stats>
          <Stat label="Removals">{formatCount(grants + nestings)}</Stat>
          <Stat label="Of all that is known">{formatShare(share)}</Stat>
          <Stat label="People">{formatCount(people)}</Stat>
          <Stat label="Resources">{formatCount(resources)}</Stat>
        </Stats>
        <Facts
          items={[
            ['Found', <Time key="found" at={openedAt} />],
            [
              'Without a decision, rejected',
              <span key="expires">
                <Time at={expiresAt} /> (<Ago at={expiresAt} />)
              </span>,
            ],
            ['Where it was read', countOf(scopes, 'scope')],
            [
              'Evidence',
              <Link key="sync" to="/connections/$connectionId/syncs/$syncId" params={{ connectionId, syncId }}>
                The sync that found it
              </Link>,
            ],
            [
              'Limit',
              <Link key="limit" to="/connections/$connectionId/settings" params={{ connectionId }}>
                Change the limit
              </Link>,
            ],
          ]}
        />
      </div>
    </Panel>
  )
}
