import { useQuery } from '@tanstack/react-query'
import { Link, useMatchRoute } from '@tanstack/react-router'
import { type Connection, holdQuery } from '../api/queries.ts'
import { useMay } from '../features/session/session.ts'
import { Notice } from '../ui/badge.tsx'
import { countOf, Time } from '../ui/time.tsx'
import styles from './held-banner.module.css'

/** Says on the pages of a connection that removals wait for a decision, and leads to where it is made. */
export function HeldBanner({ connection: { id, status } }: { readonly connection: Pick<Connection, 'id' | 'status'> }) {
  const isHeld = status.state === 'held'
  const isAllowed = useMay('access:read')
  const { data: hold } = useQuery({ ...holdQuery(id), enabled: isHeld && isAllowed })
  const isThere = useMatchRoute()({ to: '/connections/$connectionId/removals', params: { connectionId: id } })
  if (!isHeld || isThere !== false || hold === undefined || hold === null) return null
  const { grants, nestings } = hold.wouldRemove
  return (
    <div className={styles.banner}>
      <Notice tone="warn">
        <p>
          <strong>{countOf(grants + nestings, 'removal is', 'removals are')} held.</strong> Nothing of it was told as
          gone. Without a decision until <Time at={hold.expiresAt} /> it counts as rejected.{' '}
          <Link to="/connections/$connectionId/removals" params={{ connectionId: id }}>
            Look and decide
          </Link>
        </p>
      </Notice>
    </div>
  )
}
