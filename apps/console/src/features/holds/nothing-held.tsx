import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answered, client } from '../../api/client.ts'
import { completedSyncsQuery } from '../../api/feed.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/state.tsx'
import { countOf, formatCount } from '../../ui/time.tsx'
import { formatShare } from './look-again.ts'

/** That no removal waits, and what the guard would stop. */
export function NothingHeld({ connectionId }: { readonly connectionId: string }) {
  const { data: syncs } = useQuery(completedSyncsQuery(connectionId))
  const { data: settings } = useQuery({
    queryKey: ['connections', connectionId, 'settings'],
    queryFn: ({ signal }) =>
      answered(client.GET('/v1/connections/{id}/settings', { params: { path: { id: connectionId } }, signal })),
  })
  const limit = settings?.appSettings.removalLimit
  return (
    <Panel>
      <EmptyState title="Nothing is held">
        <div className="stack-small">
          {syncs !== undefined && (
            <p>
              The guard has looked at {syncs.more && 'more than '}
              {countOf(syncs.items.length, 'sync')}.
            </p>
          )}
          {limit !== undefined && (
            <p>
              It steps in when more than {formatShare(limit.share)} of all grants would be gone within a day, and more
              than {formatCount(limit.count)}.{' '}
              <Link to="/connections/$connectionId/settings" params={{ connectionId }}>
                Change the limit
              </Link>
            </p>
          )}
        </div>
      </EmptyState>
    </Panel>
  )
}
