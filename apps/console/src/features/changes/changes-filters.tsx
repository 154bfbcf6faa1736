import { useQuery } from '@tanstack/react-query'
import { answered, answeredJson, client } from '../../api/client.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, type Option, Select } from '../../ui/field.tsx'
import { LookUp } from '../../ui/look-up.tsx'
import { formatTime } from '../../ui/time.tsx'
import styles from './changes-filters.module.css'
import { type ChangesSearch, isFiltered, type SearchChange } from './changes-search.ts'
import { nameQuery } from './use-names.ts'

const kinds: readonly Option[] = [
  { value: '', label: 'Everything' },
  { value: 'service-user-entitlement.', label: 'Access of people' },
  { value: 'entitlement-nesting.', label: 'Access of groups' },
  { value: 'service-user.', label: 'People' },
  { value: 'entitlement.', label: 'What can be held' },
  { value: 'scope.', label: 'What can be read' },
  { value: 'sync.', label: 'Syncs and held removals' },
  { value: 'connection.', label: 'The connection' },
  { value: 'stream.', label: 'The stream itself' },
]
const foundMax = 8

/** What the list is narrowed to; all of it is in the address. */
export function ChangesFilters({
  connectionId,
  search,
  onChange,
}: {
  readonly connectionId: string
  readonly search: ChangesSearch
  readonly onChange: (change: SearchChange) => void
}) {
  const { name = '', person, resource, sync = '', privileged = false } = search
  const kind = kinds.some(({ value }) => value === name) ? kinds : [...kinds, { value: name, label: name }]
  return (
    <search className={styles.filters} aria-label="Filter the changes">
      <Select label="Kind" options={kind} value={name} onChange={(value) => onChange({ name: value || undefined })} />
      <LookUp
        label="Person"
        placeholder="Anybody"
        chosenName={useChosen(connectionId, person)}
        queryKey={['names', connectionId, 'people']}
        find={(text, signal) => findPeople(connectionId, text, signal)}
        onChoose={(found) => onChange({ person: found?.id })}
      />
      <LookUp
        label="Resource"
        placeholder="Any project, repository, group"
        chosenName={useChosen(connectionId, resource)}
        queryKey={['names', connectionId, 'resources']}
        find={(text, signal) => findResources(connectionId, text, signal)}
        onChoose={(found) => onChange({ resource: found?.id })}
      />
      <Select
        label="Sync"
        options={useSyncOptions(connectionId, sync)}
        value={sync}
        onChange={(value) => onChange({ sync: value || undefined })}
      />
      <div className={styles.last}>
        <Checkbox
          isSelected={privileged}
          onChange={(isSelected) => onChange({ privileged: isSelected ? true : undefined })}
        >
          Only administration
        </Checkbox>
        {isFiltered(search) && (
          <Button
            look="quiet"
            size="small"
            onPress={() => {
              const none = undefined
              onChange({ name: none, person: none, resource: none, sync: none, privileged: none })
            }}
          >
            Clear filters
          </Button>
        )}
      </div>
    </search>
  )
}

/** The name of what is chosen; its id until the name has come. */
function useChosen(connectionId: string, id: string | undefined): string | null {
  const { data } = useQuery({ ...nameQuery(connectionId, id ?? ''), enabled: id !== undefined })
  return id === undefined ? null : (data ?? id)
}

function useSyncOptions(connectionId: string, chosen: string): readonly Option[] {
  const { data } = useQuery({
    queryKey: ['connections', connectionId, 'syncs', 'latest'],
    queryFn: ({ signal }) =>
      answered(
        client.GET('/v1/connections/{id}/syncs', {
          params: { path: { id: connectionId }, query: { limit: 30 } },
          signal,
        }),
      ),
  })
  const syncs = (data?.items ?? []).map(({ id, kind, requestedAt }) => ({
    value: id,
    label: `${formatTime(requestedAt)}, ${kind}`,
  }))
  const isListed = chosen === '' || syncs.some(({ value }) => value === chosen)
  return [{ value: '', label: 'Any' }, ...(isListed ? [] : [{ value: chosen, label: chosen }]), ...syncs]
}

async function findPeople(connectionId: string, text: string, signal: AbortSignal) {
  const query = { limit: foundMax, ...(text !== '' && { search: text }) }
  const params = { path: { id: connectionId }, query }
  const { items } = await answeredJson(client.GET('/v1/connections/{id}/service-users', { params, signal }))
  return items.map(({ serviceUser: { id, attributes, membership } }) => ({
    id,
    name: attributes.displayName ?? attributes.nickname ?? id,
    note: [attributes.nickname, membership === 'outside' ? 'outside the workspace' : null].filter(Boolean).join(' · '),
  }))
}

async function findResources(connectionId: string, text: string, signal: AbortSignal) {
  const query = { limit: foundMax, ...(text !== '' && { search: text }) }
  const params = { path: { id: connectionId }, query }
  const { items } = await answeredJson(client.GET('/v1/connections/{id}/resources', { params, signal }))
  return items.map(({ id, resource: { kind, name, slug, key } }) => ({
    id,
    name,
    note: [kind, key ?? slug].filter(Boolean).join(' · '),
  }))
}
