import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import type { Column } from '../../ui/virtual-table.tsx'
import { kindOf } from './access-ids.ts'
import { entitlementFilters, grantFilters, nestingFilters, peopleFilters, repositoryFilters } from './filters.ts'
import { ListView } from './list-view.tsx'
import { Filters, Level, Privileged, ReadAgo, RowLink, Since } from './parts.tsx'
import {
  entitlementList,
  grantList,
  type KnownEntitlement,
  type KnownGrant,
  type KnownNesting,
  type KnownPerson,
  type KnownResource,
  nestingList,
  peopleList,
  resourceList,
} from './queries.ts'
import { useAccess } from './use-access.ts'

const people: readonly Column<KnownPerson>[] = [
  {
    key: 'name',
    title: 'Account',
    width: '2fr',
    cell: ({ serviceUser: { id, attributes } }) => (
      <RowLink search={{ page: 'person', person: id }}>
        {attributes.displayName ?? attributes.nickname ?? 'Without a name'}
      </RowLink>
    ),
  },
  {
    key: 'status',
    title: 'State',
    cell: ({ serviceUser: { kind, status } }) => (kind === 'person' ? status : `${status}, ${kind}`),
  },
  {
    key: 'role',
    title: 'Workspace',
    cell: ({ serviceUser: { membership, attributes } }) =>
      membership === 'outside' ? 'outside' : (attributes.workspaceRole ?? 'member'),
  },
  {
    key: 'email',
    title: 'E-mail',
    width: '2fr',
    wideOnly: true,
    cell: ({ serviceUser: { attributes } }) => attributes.email ?? <span className="muted">not confirmed</span>,
  },
  {
    key: 'seen',
    title: 'Last there',
    wideOnly: true,
    cell: ({ serviceUser: { attributes } }) => attributes.lastAccessedOn ?? <span className="muted">not told</span>,
  },
  {
    key: 'privileged',
    title: 'Administers',
    wideOnly: true,
    cell: ({ privileged }) =>
      privileged ? <Privileged>something</Privileged> : <span className="muted">nothing</span>,
  },
]

export function PeopleList() {
  const { connectionId, search } = useAccess()
  return (
    <Panel title="People" flush>
      <Filters filters={peopleFilters} searchLabel="Search people by name" />
      <ListView
        label="People"
        list={peopleList(connectionId, search)}
        columns={people}
        rowKey={({ serviceUser }) => serviceUser.id}
        scopes={['workspace/members']}
        nobody="There are no accounts."
      />
    </Panel>
  )
}

const ofResources = (kind: ResourceKind): readonly Column<KnownResource>[] => [
  {
    key: 'name',
    title: { group: 'Group', project: 'Project', repository: 'Repository' }[kind],
    width: '2fr',
    cell: ({ id, resource }) => <RowLink search={{ page: 'resource', resource: id }}>{resource.name}</RowLink>,
  },
  ...(kind === 'repository'
    ? [
        {
          key: 'project',
          title: 'Project',
          cell: ({ resource }: KnownResource) => <code>{resource.parent?.key ?? ''}</code>,
        },
      ]
    : []),
  ...(kind === 'group'
    ? [
        {
          key: 'default',
          title: 'On new repositories',
          cell: ({ resource }: KnownResource) =>
            resource.defaultPermission == null ? (
              <span className="muted">nothing</span>
            ) : (
              <Level level={resource.defaultPermission} />
            ),
        },
      ]
    : [
        {
          key: 'private',
          title: 'Seen by',
          wideOnly: true,
          cell: ({ resource }: KnownResource) => (resource.private === false ? 'anyone' : 'whoever may'),
        },
      ]),
  {
    key: 'people',
    title: kind === 'group' ? 'Members' : 'People',
    width: '6rem',
    cell: ({ people: count }) => <span className="numeric">{count}</span>,
  },
  { key: 'read', title: 'Read', width: '9rem', wideOnly: true, cell: ({ readAt }) => <ReadAgo at={readAt} /> },
]

type ResourceKind = 'group' | 'project' | 'repository'
const resourceColumns = {
  group: ofResources('group'),
  project: ofResources('project'),
  repository: ofResources('repository'),
}
const resourceTitles = { group: 'Groups', project: 'Projects', repository: 'Repositories' }
const listScopes = { group: 'workspace/groups', project: 'workspace/projects', repository: 'workspace/repositories' }

export function ResourceList({ kind }: { readonly kind: ResourceKind }) {
  const { connectionId, search } = useAccess()
  const title = resourceTitles[kind]
  return (
    <Panel title={title} flush>
      <Filters
        filters={kind === 'group' ? [] : repositoryFilters}
        searchLabel={`Search ${title.toLowerCase()} by name`}
      />
      <ListView
        label={title}
        list={resourceList(connectionId, kind, search)}
        columns={resourceColumns[kind]}
        rowKey={({ id }) => id}
        scopes={[listScopes[kind]]}
        nobody={`There are no ${title.toLowerCase()} on which anything is held.`}
      />
    </Panel>
  )
}

const entitlements: readonly Column<KnownEntitlement>[] = [
  {
    key: 'name',
    title: 'Entitlement',
    width: '3fr',
    cell: ({ entitlement: { id, name } }) => (
      <RowLink search={{ page: 'entitlement', entitlement: id }}>{name}</RowLink>
    ),
  },
  { key: 'level', title: 'Level', width: '8rem', cell: ({ entitlement: { level } }) => <Level level={level} /> },
  {
    key: 'risk',
    title: 'Risk',
    wideOnly: true,
    cell: ({ entitlement: { riskHint } }) => (riskHint === 'high' ? 'high' : <span className="muted">normal</span>),
  },
  { key: 'since', title: 'As it is since', wideOnly: true, cell: ({ since }) => <Since at={since} /> },
]

export function EntitlementList() {
  const { connectionId, search } = useAccess()
  return (
    <Panel title="Entitlements" flush>
      <Filters filters={entitlementFilters} searchLabel="Search entitlements by name" />
      <ListView
        label="Entitlements"
        list={entitlementList(connectionId, search)}
        columns={entitlements}
        rowKey={({ entitlement }) => entitlement.id}
        nobody="There is nothing that could be held."
      />
    </Panel>
  )
}

/** The times of something that is held, or was. */
function timesOf(isPast: boolean): Column<{ readonly grantedAt: string | null; readonly removedAt: string | null }>[] {
  return [
    {
      key: 'granted',
      title: 'Since',
      width: '11rem',
      wideOnly: !isPast,
      cell: ({ grantedAt }) => <Since at={grantedAt} />,
    },
    ...(isPast
      ? [
          {
            key: 'removed',
            title: 'Until',
            width: '11rem',
            cell: ({ removedAt }: { readonly removedAt: string | null }) =>
              removedAt === null ? <span className="muted">is held</span> : <Time at={removedAt} />,
          },
        ]
      : []),
  ]
}

const readColumn: Column<{ readonly readAt?: string | null }> = {
  key: 'read',
  title: 'Read',
  width: '9rem',
  wideOnly: true,
  cell: ({ readAt }) => <ReadAgo at={readAt} />,
}

/** Where the row of a grant leads: to why, on a project or repository. */
function placeOfGrant({ serviceUserId, resource }: Pick<KnownGrant, 'serviceUserId' | 'resource'>) {
  const kind = kindOf(resource)
  const place = { page: 'person', person: serviceUserId } as const
  return kind === 'project' || kind === 'repository' ? { ...place, why: resource } : place
}

/** @param without what all rows have in common */
export function grantColumns(isPast: boolean, without?: 'holder' | 'what'): readonly Column<KnownGrant>[] {
  const name = ({ entitlementName, entitlementId }: KnownGrant) => entitlementName ?? entitlementId
  const holder: Column<KnownGrant> = {
    key: 'holder',
    title: 'Who',
    width: '2fr',
    cell: (grant) => (
      <RowLink search={placeOfGrant(grant)}>{grant.serviceUserName ?? 'No longer known by name'}</RowLink>
    ),
  }
  const what: Column<KnownGrant> = {
    key: 'what',
    title: 'Holds',
    width: '3fr',
    cell: (grant) =>
      without === 'holder' ? <RowLink search={placeOfHeld(grant)}>{name(grant)}</RowLink> : name(grant),
  }
  const level: Column<KnownGrant> = {
    ...{ key: 'level', title: 'Level', width: '8rem', wideOnly: isPast },
    cell: (grant) => <Level level={grant.level} />,
  }
  return [
    ...(without === 'holder' ? [] : [holder]),
    ...(without === 'what' ? [] : [what, level]),
    ...timesOf(isPast),
    readColumn,
  ]
}

/** From a person to what they hold. */
function placeOfHeld(grant: KnownGrant) {
  if (kindOf(grant.resource) === 'group') return { page: 'resource', resource: grant.resource } as const
  if (kindOf(grant.resource) === 'workspace') return { page: 'entitlement', entitlement: grant.entitlementId } as const
  return placeOfGrant(grant)
}

export function nestingColumns(isPast: boolean, without?: 'group'): readonly Column<KnownNesting>[] {
  const toGroup = ({ container }: KnownNesting) =>
    ({ page: 'resource', resource: container.replace(/#member$/, '') }) as const
  const name = ({ entitlementName, entitlementId }: KnownNesting) => entitlementName ?? entitlementId
  return [
    ...(without === 'group'
      ? []
      : [
          {
            key: 'group',
            title: 'Group',
            width: '2fr',
            cell: (nesting: KnownNesting) => (
              <RowLink search={toGroup(nesting)}>{nesting.groupName ?? nesting.container}</RowLink>
            ),
          },
        ]),
    {
      key: 'what',
      title: 'Holds',
      width: '3fr',
      cell: (nesting) =>
        without === 'group' ? (
          <RowLink search={{ page: 'resource', resource: nesting.resource }}>{name(nesting)}</RowLink>
        ) : (
          name(nesting)
        ),
    },
    { key: 'level', title: 'Level', width: '8rem', wideOnly: isPast, cell: ({ level }) => <Level level={level} /> },
    {
      key: 'members',
      title: 'Members',
      width: '6rem',
      wideOnly: true,
      cell: ({ members }) => <span className="numeric">{members}</span>,
    },
    ...timesOf(isPast),
    readColumn,
  ]
}

export function GrantList() {
  const { connectionId, search } = useAccess()
  const isPast = search.ended !== undefined && search.ended !== 'none'
  return (
    <Panel title={search.ended === 'only' ? 'Past grants' : 'Grants to people'} flush>
      <Filters filters={grantFilters} />
      <ListView
        label="Grants"
        list={grantList(connectionId, {}, search)}
        columns={grantColumns(isPast)}
        rowKey={({ id, grantedAt }) => `${id} ${grantedAt}`}
      />
    </Panel>
  )
}

export function NestingList() {
  const { connectionId, search } = useAccess()
  const isPast = search.ended !== undefined && search.ended !== 'none'
  return (
    <Panel title={search.ended === 'only' ? 'What groups no longer hold' : 'What groups hold'} flush>
      <Filters filters={nestingFilters} />
      <ListView
        label="What groups hold"
        list={nestingList(connectionId, {}, search)}
        columns={nestingColumns(isPast)}
        rowKey={({ id, grantedAt }) => `${id} ${grantedAt}`}
        nobody="No group holds this."
      />
    </Panel>
  )
}
