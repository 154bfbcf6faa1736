import { useQuery } from '@tanstack/react-query'
import { Badge, Notice } from '../../ui/badge.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Time } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import type { Column } from '../../ui/virtual-table.tsx'
import styles from './access.module.css'
import { kindOf, namelessOf, scopeOf } from './access-ids.ts'
import { changedSearch } from './access-search.ts'
import { unreadableInWords, unreadableOf } from './emptiness.ts'
import { whoCanFilters } from './filters.ts'
import { ListView } from './list-view.tsx'
import { grantColumns, nestingColumns } from './lists.tsx'
import { AccessLink, Filters, Level, Parts, ReadAgo, RowLink } from './parts.tsx'
import { Ways } from './person-page.tsx'
import { grantList, levelsOnQuery, nestingList, type PersonAccess, whoCanList } from './queries.ts'
import { useAccess, useCoverage } from './use-access.ts'

/** A project, a repository or a group: what that is, and who can do what there. */
export function ResourcePage({ resource }: { readonly resource: string }) {
  return (
    <>
      <ResourceFacts resource={resource} />
      {kindOf(resource) === 'group' ? <GroupParts group={resource} /> : <PlaceParts resource={resource} />}
    </>
  )
}

function ResourceFacts({ resource: id }: { readonly resource: string }) {
  const { connectionId, search } = useAccess()
  const query = useQuery(levelsOnQuery(connectionId, id, search.asOf))
  return (
    <QueryView query={query} skeletonLines={3}>
      {(levels) => {
        const resource = levels[0]?.resource
        const project = resource?.parent && `project:${resource.parent.uuid.replace(/[{}]/g, '')}`
        return (
          <Panel
            title={
              <span className={styles.title}>
                {resource?.name ?? namelessOf(id)}
                {resource?.private === false && <Badge tone="warn">Anyone may read it</Badge>}
              </span>
            }
          >
            <div className="stack">
              <CannotBeRead resource={id} />
              {resource === undefined ? (
                <p className="muted">Nothing is held on it by itself, so that no more is known of it than its id.</p>
              ) : (
                <Facts
                  items={[
                    ['What it is', resource.kind],
                    ...(project === undefined
                      ? []
                      : [
                          [
                            'In the project',
                            <AccessLink key="project" search={{ page: 'resource', resource: project }}>
                              {resource.parent?.key}
                            </AccessLink>,
                          ] as const,
                        ]),
                    ...(resource.kind === 'group'
                      ? [['On new repositories', resource.defaultPermission ?? 'nothing'] as const]
                      : [
                          [
                            'Levels in use',
                            <span key="levels" className="row">
                              {levels.map(({ id: entitlement, level }) => (
                                <AccessLink key={level} search={{ page: 'entitlement', entitlement }}>
                                  {level}
                                </AccessLink>
                              ))}
                            </span>,
                          ] as const,
                        ]),
                    ...(resource.url === undefined
                      ? []
                      : [
                          [
                            'At Bitbucket',
                            <a key="url" href={resource.url} rel="noreferrer" target="_blank">
                              Its page
                            </a>,
                          ] as const,
                        ]),
                  ]}
                />
              )}
            </div>
          </Panel>
        )
      }}
    </QueryView>
  )
}

function CannotBeRead({ resource }: { readonly resource: string }) {
  const { data: coverage } = useCoverage()
  const now = useNow()
  const scope = coverage && unreadableOf(coverage, [scopeOf(resource)])
  if (scope === undefined) return null
  return (
    <Notice tone="warn">
      <p>
        <strong>{unreadableInWords(scope, now)}.</strong>{' '}
        {scope.lastGoodAt === null ? (
          'It was never read.'
        ) : (
          <>
            What is shown is as it was last read, on <Time at={scope.lastGoodAt} />; nothing of it was taken back.
          </>
        )}
      </p>
    </Notice>
  )
}

function PlaceParts({ resource }: { readonly resource: string }) {
  const { search } = useAccess()
  const part = search.part ?? 'now'
  return (
    <Panel
      title={
        { now: 'Who can do what', given: 'Groups that hold something here', before: 'Who held something before' }[part]
      }
      flush
    >
      <div className={styles.lead}>
        <Parts
          parts={[
            ['now', 'Who can'],
            ['given', 'Groups'],
            ['before', 'Held before'],
          ]}
        />
      </div>
      {part === 'now' && <WhoCan resource={resource} />}
      {part === 'given' && (
        <Given of={{ resource }} nobody="No group holds anything here." scopes={[scopeOf(resource)]} />
      )}
      {part === 'before' && <Held of={{ resource }} isPast />}
    </Panel>
  )
}

function WhoCan({ resource }: { readonly resource: string }) {
  const { connectionId, search } = useAccess()
  const columns: readonly Column<PersonAccess>[] = [
    {
      key: 'person',
      title: 'Who',
      width: '2fr',
      cell: ({ serviceUserId, serviceUser }) => (
        <RowLink search={changedSearch(search, { why: serviceUserId })}>
          {serviceUser?.attributes.displayName ?? serviceUser?.attributes.nickname ?? namelessOf(serviceUserId)}
        </RowLink>
      ),
    },
    {
      key: 'membership',
      title: 'Workspace',
      width: '8rem',
      wideOnly: true,
      cell: ({ serviceUser }) => <span className="muted">{serviceUser?.membership ?? ''}</span>,
    },
    { key: 'level', title: 'Level', width: '8rem', cell: ({ level }) => <Level level={level ?? 'none'} /> },
    { key: 'ways', title: 'By what', width: '3fr', wideOnly: true, cell: (access) => <Ways access={access} /> },
    { key: 'read', title: 'Read', width: '9rem', wideOnly: true, cell: ({ readAt }) => <ReadAgo at={readAt} /> },
  ]
  return (
    <>
      <Filters filters={whoCanFilters} searchLabel="Search people by name" />
      <ListView
        label="Who can do what"
        list={whoCanList(connectionId, resource, search)}
        columns={columns}
        rowKey={({ serviceUserId }) => serviceUserId}
        isCurrent={({ serviceUserId }) => serviceUserId === search.why}
        scopes={[scopeOf(resource)]}
        nobody="Nobody can do anything here."
      />
    </>
  )
}

function GroupParts({ group }: { readonly group: string }) {
  const { search } = useAccess()
  const part = search.part ?? 'now'
  return (
    <Panel title={{ now: 'Who is in it', given: 'What its members get', before: 'Who was in it before' }[part]} flush>
      <div className={styles.lead}>
        <Parts
          parts={[
            ['now', 'Members'],
            ['given', 'Gives'],
            ['before', 'Former members'],
          ]}
        />
      </div>
      {part === 'given' ? (
        <Given of={{ container: group }} nobody="Its members get nothing by it." scopes={['workspace/groups']} />
      ) : (
        <Held of={{ entitlementId: `${group}#member` }} isPast={part === 'before'} nobody="Nobody is in it." />
      )}
    </Panel>
  )
}

/** What groups hold: on a resource, or one group by itself. */
export function Given({
  of,
  nobody,
  scopes,
}: {
  readonly of: Parameters<typeof nestingList>[1]
  readonly nobody: string
  readonly scopes: readonly string[]
}) {
  const { connectionId, search } = useAccess()
  return (
    <ListView
      label="What groups hold"
      list={nestingList(connectionId, of, search)}
      columns={nestingColumns(false, of.container === undefined ? undefined : 'group')}
      rowKey={({ id }) => id}
      scopes={scopes}
      nobody={nobody}
    />
  )
}

/** Who holds something directly, or did. */
export function Held({
  of,
  isPast,
  nobody = 'Nobody holds this.',
}: {
  readonly of: Parameters<typeof grantList>[1]
  readonly isPast: boolean
  readonly nobody?: string
}) {
  const { connectionId, search } = useAccess()
  const list = grantList(connectionId, of, changedSearch(search, { ended: isPast ? 'only' : undefined }))
  return (
    <ListView
      label={isPast ? 'Who held it before' : 'Who holds it'}
      list={list}
      columns={grantColumns(isPast, of.entitlementId === undefined ? undefined : 'what')}
      rowKey={({ id, grantedAt }) => `${id} ${grantedAt}`}
      scopes={[scopeOf(of.resource ?? of.entitlementId?.replace(/#[^#]*$/, '') ?? 'workspace')]}
      nobody={isPast ? 'Nothing was taken away here.' : nobody}
    />
  )
}
