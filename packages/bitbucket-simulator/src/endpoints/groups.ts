/**
 * Groups: API 1.0, the only place that lists them. Bare arrays, no pages, no uuid; the workspace goes by its slug
 * (by its uuid only in old times), and whoever does not administer it is refused.
 */
import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import { gone } from '../http/gone.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Group, User, Workspace } from '../world/types.ts'
import { findWorkspace } from '../world/world.ts'
import { toGroup, toUser } from './shapes.ts'

const access = { scopes: ['account'], tokenScopes: ['read:permission'] }

export const groupEndpoints: readonly Endpoint[] = [
  {
    ...access,
    path: '/1.0/groups/{workspace}',
    answer(call) {
      const workspace = readWorkspace(call)
      return [...workspace.groups.values()].map((group) => toOldGroup(group, workspace))
    },
  },
  {
    ...access,
    path: '/1.0/groups/{workspace}/{group_slug}',
    answer(call) {
      const workspace = readWorkspace(call)
      return toOldGroup(readGroup(call, workspace), workspace)
    },
  },
  {
    ...access,
    path: '/1.0/groups/{workspace}/{group_slug}/members',
    answer(call) {
      const workspace = readWorkspace(call)
      return membersOf(readGroup(call, workspace), workspace).map(toOldAccount)
    },
  },
  {
    ...access,
    // A trap: a 200 with nothing in it for everybody who is not in the group himself.
    path: '/1.0/groups',
    answer(call) {
      const [slug = '', groupSlug = ''] = (call.url.searchParams.get('group') ?? '').split('/')
      const workspace = findWorkspace(call.world, slug)
      const group = workspace?.groups.get(groupSlug)
      const { user } = call.caller
      if (workspace === undefined || group === undefined || user === null || !group.memberUuids.has(user.uuid))
        return []
      return [toOldGroup(group, workspace)]
    },
  },
  {
    path: '/1.0/group-privileges/{workspace}',
    scopes: ['account', 'repository:admin'],
    tokenScopes: ['read:permission'],
    answer(call) {
      const workspace = readWorkspace(call)
      return [...workspace.repositories.values()].flatMap((repository) =>
        [...repository.grants.groups].map(([slug, privilege]) => ({
          repo: `${workspace.slug}/${repository.slug}`,
          privilege,
          group: toPrivilegedGroup(workspace, slug),
          repository: { name: repository.name, slug: repository.slug, owner: toOldOwner(workspace) },
        })),
      )
    },
  },
  {
    path: '/1.0/invitations/{workspace}',
    ...access,
    answer(call) {
      // Nobody is ever invited here; the endpoint is gone where people are administered elsewhere.
      if (readWorkspace(call).administration !== 'bitbucket') throw gone()
      return []
    },
  },
  {
    path: '/internal/workspaces/{workspace}/groups',
    ...access,
    eras: ['legacy'],
    answer(call) {
      const workspace = readWorkspace(call)
      return toPage(call, [...workspace.groups.values()], (group) => ({
        ...toGroup(group, workspace, call.base),
        default_permission: group.permission,
        member_count: group.memberUuids.size,
      }))
    },
  },
  {
    path: '/internal/workspaces/{workspace}/groups/{group_slug}/members',
    ...access,
    eras: ['legacy'],
    answer(call) {
      const workspace = readWorkspace(call)
      return toPage(call, membersOf(readGroup(call, workspace), workspace), (user) => toUser(user, call.base))
    },
  },
]

/** @throws ApiError 404 for a uuid where a slug is wanted, 403 for who does not administer the workspace */
function readWorkspace({ workspace, caller, era, param }: Call): Workspace {
  if (era !== 'legacy' && param('workspace') !== workspace.slug) throw new ApiError(404, 'No group found.')
  if (!caller.administers(workspace)) throw new ApiError(403, 'You are not an administrator of this workspace.')
  return workspace
}

function readGroup({ param }: Call, workspace: Workspace): Group {
  const group = workspace.groups.get(param('group_slug'))
  if (group === undefined) throw new ApiError(404, 'No group found.')
  return group
}

function membersOf({ memberUuids }: Group, workspace: Workspace): User[] {
  return [...memberUuids].map((uuid) => {
    const user = workspace.users.get(uuid)
    if (user === undefined) throw new Error(`the group member ${uuid} has no account`)
    return user
  })
}

function toOldGroup(group: Group, workspace: Workspace): JsonObject {
  return {
    name: group.name,
    slug: group.slug,
    permission: group.permission,
    auto_add: false,
    email_forwarding_disabled: false,
    owner: toOldOwner(workspace),
    members: membersOf(group, workspace).map(toOldAccount),
  }
}

function toPrivilegedGroup(workspace: Workspace, slug: string): JsonObject {
  const group = workspace.groups.get(slug)
  if (group === undefined) throw new Error(`the group ${slug} holds a grant and does not exist`)
  return {
    name: group.name,
    slug,
    owner: toOldOwner(workspace),
    members: membersOf(group, workspace).map(toOldAccount),
  }
}

function toOldOwner({ name, uuid, slug, kind }: Workspace): JsonObject {
  return {
    display_name: name,
    uuid,
    account_id: null,
    nickname: slug,
    is_team: kind === 'team',
    avatar: `https://bitbucket.org/workspaces/${slug}/avatar/`,
    resource_uri: `/1.0/users/${slug}`,
  }
}

function toOldAccount({ uuid, displayName, accountId, nickname }: User): JsonObject {
  const id = encodeURIComponent(uuid)
  return {
    display_name: displayName,
    uuid,
    account_id: accountId,
    nickname,
    is_team: false,
    is_staff: false,
    avatar: `https://bitbucket.org/account/${id}/avatar/`,
    resource_uri: `/1.0/users/${id}`,
  }
}
