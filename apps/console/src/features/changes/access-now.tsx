import { useQuery } from '@tanstack/react-query'
import { type Answer, answered, client } from '../../api/client.ts'
import { Badge } from '../../ui/badge.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { resourceName, userName } from './entity-names.ts'
import { describePath } from './paths.ts'
import type { Names } from './sentence.ts'
import { SentenceText } from './sentence-view.tsx'

/**
 * What the person can do there today, by whatever way: an event tells of one assignment, and another may give as much.
 * Of groups and the workspace there is nothing to add.
 */
export function AccessNow({
  connectionId,
  serviceUserId,
  resource,
  names,
}: {
  readonly connectionId: string
  readonly serviceUserId: string
  readonly resource: string
  readonly names: Names
}) {
  const isReached = resource.startsWith('project:') || resource.startsWith('repository:')
  const query = useQuery({
    queryKey: ['connections', connectionId, 'explain', serviceUserId, resource],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/explain', {
          params: { path: { id: connectionId }, query: { serviceUserId, resource } },
          signal,
        }),
      ),
    enabled: isReached,
  })
  if (!isReached) return null
  return (
    <section className="stack-small">
      <h3>Access now, by every way</h3>
      <QueryView query={query}>
        {(access) => (
          <>
            <p>
              <SentenceText text={[userName(names, serviceUserId)]} />{' '}
              {access.level === null ? 'has nothing on ' : <>has {access.level} on </>}
              <SentenceText text={resourceName(names, resource)} />.{access.anyoneMayRead && ' Anyone may read it.'}
            </p>
            <Ways access={access} />
          </>
        )}
      </QueryView>
    </section>
  )
}

function Ways({ access: { paths, decidedBy } }: { readonly access: Answer<'explainAccess'> }) {
  if (paths.length === 0) return null
  return (
    <ul>
      {paths.map((path, index) => (
        // The ways are in the order of the answer.
        <li key={`${index}`}>
          {describePath(path)} {decidedBy.includes(index) && <Badge tone="info">decides</Badge>}
        </li>
      ))}
    </ul>
  )
}
