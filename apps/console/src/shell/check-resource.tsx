import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answeredJson, client, type ItemOf } from '../api/client.ts'
import { scopeOfResource } from '../api/scopes.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SearchField } from '../ui/field.tsx'
import { QueryView, toApiProblem } from '../ui/query-view.tsx'
import { ErrorState } from '../ui/state.tsx'
import { countOf } from '../ui/time.tsx'
import styles from './check-resource.module.css'
import { useRequestSync } from './request-sync.ts'

type Resource = ItemOf<'listResources'>

const lists = [
  ['workspace/members', 'People and roles of the workspace'],
  ['workspace/groups', 'Groups and who is in them'],
] as const

/** Reads one thing at once, before whatever else is read of the connection: a targeted sync. */
export function CheckResource({
  connectionId,
  isOpen,
  onClose,
}: {
  readonly connectionId: string
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  const [search, setSearch] = useState('')
  const request = useRequestSync(connectionId)
  const check = (scope: string) => request.mutate({ kind: 'targeted', scopes: [scope] }, { onSuccess: onClose })
  const found = useQuery({ ...resourcesQuery(connectionId, search.trim()), enabled: isOpen })
  return (
    <Dialog title="Check a resource now" isOpen={isOpen} onClose={onClose}>
      <p className="muted">
        It is read at once, before anything else of this connection, from the requests that are kept back for it.
      </p>
      {request.error && <ErrorState problem={toApiProblem(request.error)} />}
      <div>
        <SearchField
          label="Find a repository or project"
          placeholder="Find a repository or project"
          value={search}
          onChange={setSearch}
        />
      </div>
      <QueryView query={found} skeletonLines={6}>
        {(items) => (
          <ul className={styles.list}>
            {search === '' &&
              lists.map(([scope, name]) => (
                <Row key={scope} name={name} isPending={request.isPending} onCheck={() => check(scope)} />
              ))}
            {items.map((item) => (
              <Row
                key={item.id}
                name={nameOf(item)}
                note={countOf(item.people, 'person', 'people')}
                isPending={request.isPending}
                onCheck={() => check(scopeOfResource(item.id))}
              />
            ))}
            {items.length === 0 && (
              <li className="muted">
                Nothing is called this. Only what somebody holds a permission on by itself is known by name; a full sync
                reads the rest.
              </li>
            )}
          </ul>
        )}
      </QueryView>
    </Dialog>
  )
}

function Row({
  name,
  note,
  isPending,
  onCheck,
}: {
  readonly name: string
  readonly note?: string
  readonly isPending: boolean
  readonly onCheck: () => void
}) {
  return (
    <li className={styles.row}>
      <span>
        {name} {note !== undefined && <span className="muted small">{note}</span>}
      </span>
      <Button size="small" aria-label={`Check ${name}`} isPending={isPending} onPress={onCheck}>
        Check
      </Button>
    </li>
  )
}

function nameOf({ resource: { kind, name, slug, key } }: Resource): string {
  const [first, ...rest] = kind
  const known = slug ?? key
  return `${first?.toUpperCase()}${rest.join('')} ${name}${known === undefined || known === name ? '' : ` (${known})`}`
}

const resourcesQuery = (id: string, search: string) => ({
  queryKey: ['connections', id, 'resources', search],
  queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
    const ask = async (kind: 'project' | 'repository') => {
      const query = { kind, limit: 20, ...(search !== '' && { search }) }
      return answeredJson(client.GET('/v1/connections/{id}/resources', { params: { path: { id }, query }, signal }))
    }
    const [projects, repositories] = await Promise.all([ask('project'), ask('repository')])
    return [...projects.items.slice(0, 5), ...repositories.items]
  },
  placeholderData: keepPreviousData,
})
