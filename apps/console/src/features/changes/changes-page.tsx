import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { FeedFilters } from '../../api/feed.ts'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { NoPermission } from '../../ui/state.tsx'
import { useMay } from '../session/session.ts'
import { ChangesFilters } from './changes-filters.tsx'
import { type ChangesSearch, type SearchChange, withoutAbsent } from './changes-search.ts'
import { Feed } from './feed.tsx'
import { firstSyncQuery } from './first-sync.ts'

const from = '/inside/connections/$connectionId/changes'

/** All that was told of the connection, in sentences, and what is told while one looks at it. */
export function ChangesPage() {
  const { connectionId } = useParams({ from })
  const search = useSearch({ from })
  const navigate = useNavigate()
  const isAllowed = useMay('access:read')
  const firstSync = useQuery({ ...firstSyncQuery(connectionId), enabled: isAllowed })
  if (!isAllowed) return <NoPermission scope="access:read" />
  const change = (changed: SearchChange) =>
    navigate({
      to: '/connections/$connectionId/changes',
      params: { connectionId },
      search: withoutAbsent({ ...search, ...changed }),
      replace: true,
      resetScroll: false,
    })
  const { filters, key } = toFilters(search)
  return (
    <Panel title="Changes" flush>
      <ChangesFilters connectionId={connectionId} search={search} onChange={(changed) => void change(changed)} />
      <QueryView query={firstSync} skeletonLines={8}>
        {(first) => (
          <Feed
            // Another question is another list: what came live belongs to the one before.
            key={`${connectionId} ${key}`}
            connectionId={connectionId}
            filters={filters}
            firstSync={first}
            isFromFirst={search.first === true || search.sync !== undefined}
            open={search.event ?? null}
            onOpen={(event) => void change({ event })}
            onShowFirst={(isShown) => void change({ first: isShown ? true : undefined })}
          />
        )}
      </QueryView>
    </Panel>
  )
}

/** The filters as the API takes them, with a text by which one question is told from another. */
function toFilters({ name, person, resource, sync, privileged, first }: ChangesSearch) {
  const filters: FeedFilters = {
    ...(name !== undefined && { name }),
    ...(person !== undefined && { serviceUserId: person }),
    ...(resource !== undefined && { resource }),
    ...(sync !== undefined && { syncId: sync }),
    ...(privileged !== undefined && { privileged: 'true' }),
  }
  return { filters, key: JSON.stringify([filters, first]) }
}
