import {
  AccessOfPerson,
  AccessOfUser,
  KnownEntitlement,
  KnownGrant,
  KnownNesting,
  KnownResource,
  KnownServiceUser,
} from '@clarity/shared/contract/access-answers'
import { Entitlement, ServiceUser } from '@clarity/shared/contract/entities'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Flag } from '../../access/questions.ts'
import { scopeOfNode, scopesOfAccess } from '../../access/read-times.ts'
import { operation } from '../../plugins/openapi.ts'
import { type AccessRouteOptions, addAccessList } from './list-route.ts'

const text = (description: string) => z.string().min(1).max(500).optional().describe(description)
const flag = (description: string) => Flag.optional().describe(description)
const search = text('Part of a name; case and marks on letters do not matter')
const level = text('Exactly this level')

const holding = {
  entitlementId: text('Id of the entitlement'),
  resource: text('Id of the resource'),
  resourceKind: z.enum(['workspace', 'group', 'project', 'repository']).optional(),
  level,
  privileged: flag('Whether it administers the resource'),
  ended: z
    .enum(['none', 'also', 'only'])
    .optional()
    .describe('none: what is held; also: what was held before as well; only: what is no longer held, the last first'),
} as const

const ofAccess = {
  level,
  atLeast: text('At least this level: read, write, create-repo, admin'),
  via: z.enum(['direct', 'group', 'project', 'project-group', 'workspace-owner']).optional(),
  pathsMin: z.coerce.number().int().min(1).max(1_000).optional().describe('Only where so many ways lead there'),
  sort: z.enum(['name', 'level']).optional().describe('By the name, or the highest level first'),
  search,
} as const

/** Who and what there is, and who holds what. */
export function addAccessLists(app: FastifyInstance, options: AccessRouteOptions): void {
  addAccessList(app, options, {
    path: 'service-users',
    text: operation('access', 'listServiceUsers', 'Accounts in the workspace, or that hold something there'),
    filters: z.object({
      search,
      kind: ServiceUser.shape.kind.optional(),
      status: ServiceUser.shape.status.optional(),
      membership: ServiceUser.shape.membership.optional(),
      privileged: flag('Whether something that administers its resource is held, directly or by a group'),
      matched: flag('Whether an address of theirs is confirmed'),
      notSeenSince: z.iso.date().optional().describe('Not there since this day, as far as Bitbucket tells it'),
    }),
    item: KnownServiceUser,
    ask: (view, asked) => view.serviceUsers(asked),
    columns: ['id', 'displayName', 'kind', 'status', 'membership', 'email', 'workspaceRole', 'privileged', 'since'],
    row: ({ serviceUser: { id, kind, status, membership, attributes }, privileged, since }) => ({
      ...{ id, kind, status, membership, privileged, since },
      displayName: attributes.displayName ?? null,
      email: attributes.email ?? null,
      workspaceRole: attributes.workspaceRole ?? null,
    }),
  })
  addAccessList(app, options, {
    path: 'entitlements',
    text: operation(
      'access',
      'listEntitlements',
      'What can be held: roles, groups, levels on projects and repositories',
    ),
    filters: z.object({
      search,
      kind: Entitlement.shape.kind.optional(),
      level,
      resource: text('Id of the resource'),
      privileged: flag('Whether it administers the resource'),
    }),
    item: KnownEntitlement,
    ask: (view, asked) => view.entitlements(asked),
    columns: ['id', 'name', 'kind', 'level', 'resource', 'privileged', 'since'],
    row: ({ entitlement: { id, name, kind, level: held, resource, privileged }, since }) => ({
      ...{ id, name, kind, privileged, since },
      level: held,
      resource: resource.name,
    }),
  })
  addAccessList(app, options, {
    path: 'resources',
    text: operation('access', 'listResources', 'Projects, repositories and groups, with how many people'),
    filters: z.object({
      search,
      kind: z.enum(['project', 'repository', 'group']).optional(),
      project: text('Id of the project that repositories are in'),
      private: flag('false: anyone may read it'),
    }),
    item: KnownResource,
    ask: (view, asked) => view.resources(asked),
    scopes: ({ id }) => [scopeOfNode(id)],
    columns: ['id', 'kind', 'name', 'project', 'private', 'people', 'readAt'],
    row: ({ id, resource, project, people, readAt = null }) => ({
      ...{ id, project, people, readAt, kind: resource.kind, name: resource.name },
      private: resource.private ?? null,
    }),
  })
  addHoldings(app, options)
  addEffective(app, options)
}

function addHoldings(app: FastifyInstance, options: AccessRouteOptions): void {
  const when = ['grantedAt', 'removedAt', 'readAt']
  const common = ['id', 'entitlementId', 'entitlementName', 'resource', 'level', 'privileged', ...when]
  const scopes = ({ resource }: { readonly resource: string }) => [scopeOfNode(resource)]
  addAccessList(app, options, {
    path: 'grants',
    text: operation('access', 'listGrants', 'Who directly holds what; also what is no longer held'),
    filters: z.object({
      ...holding,
      serviceUserId: text('Id of the holder'),
      otherPath: flag('Whether the holder comes to the same resource by another way as well'),
    }),
    item: KnownGrant,
    ask: (view, asked) => view.grants(asked),
    scopes,
    columns: ['serviceUserId', 'serviceUserName', ...common],
    row: ({ readAt = null, ...grant }) => ({ ...grant, readAt }),
  })
  addAccessList(app, options, {
    path: 'nestings',
    text: operation('access', 'listNestings', 'What groups give to their members'),
    filters: z.object({ ...holding, container: text('Id of the group, or of its membership') }),
    item: KnownNesting,
    ask: (view, asked) => view.nestings(asked),
    scopes,
    columns: ['container', 'groupName', 'members', ...common],
    row: ({ readAt = null, ...nesting }) => ({ ...nesting, readAt }),
  })
}

const byUser =
  'Every project and repository that the person comes to: the highest level, and every way that leads there.'
const byResource = 'Everybody who can do something there: the highest level, and every way that leads there.'

function addEffective(app: FastifyInstance, options: AccessRouteOptions): void {
  const viasOf = (paths: readonly { readonly via: string }[]) => [...new Set(paths.map(({ via }) => via))].join(' ')
  addAccessList(app, options, {
    path: 'access-of-user',
    text: operation('access', 'accessOfUser', 'What a person can do, and why', byUser),
    filters: z.object({
      ...ofAccess,
      serviceUserId: z.string().min(1).max(500).describe('Id of the service user'),
      resourceKind: z.enum(['project', 'repository']).optional(),
      privileged: flag('Whether the resource can be administered'),
    }),
    item: AccessOfUser,
    ask: (view, asked) => view.accessOfUser(asked),
    scopes: scopesOfAccess,
    columns: ['serviceUserId', 'resource', 'name', 'level', 'via', 'paths', 'readAt'],
    row: ({ serviceUserId, resource, on, level: held, paths, readAt = null }) => ({
      ...{ serviceUserId, resource, readAt, name: on.name, via: viasOf(paths), paths: paths.length },
      level: held,
    }),
  })
  addAccessList(app, options, {
    path: 'who-can',
    text: operation('access', 'whoCan', 'Who can do something on a project or repository, and why', byResource),
    filters: z.object({
      ...ofAccess,
      resource: z
        .string()
        .regex(/^(project|repository):/, 'is no id of a project or repository')
        .max(500)
        .describe('Id of a project or repository; or of an entitlement of one, which asks for its level or more'),
    }),
    item: AccessOfPerson,
    ask: (view, { resource: named, ...asked }) => {
      const [resource = '', ...levels] = named.split('#')
      const atLeast = asked.atLeast ?? levels.at(-1)
      return view.whoCan({ ...asked, resource, ...(atLeast !== undefined && { atLeast }) })
    },
    scopes: scopesOfAccess,
    columns: ['serviceUserId', 'displayName', 'resource', 'level', 'via', 'paths', 'readAt'],
    row: ({ serviceUserId, serviceUser, resource, level: held, paths, readAt = null }) => ({
      ...{ serviceUserId, resource, readAt, via: viasOf(paths), paths: paths.length, level: held },
      displayName: serviceUser?.attributes.displayName ?? null,
    }),
  })
}
