import type { Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import type { JsonObject } from '../http/json.ts'
import type { Group, User, Workspace } from '../world/types.ts'

/** The groups: API 1.0, a bare array with the members inside, and only under the workspace's slug. */
export const groupEndpoints: readonly Endpoint[] = [
  {
    path: '/1.0/groups/{workspace}',
    scopes: ['account'],
    answer({ workspace, param }) {
      if (param('workspace') !== workspace.slug) throw new ApiError(404, 'No group found.')
      return [...workspace.groups.values()].map((group) => toGroup(group, workspace))
    },
  },
]

function toGroup(group: Group, workspace: Workspace): JsonObject {
  return {
    name: group.name,
    slug: group.slug,
    permission: group.permission,
    auto_add: false,
    email_forwarding_disabled: false,
    owner: {
      display_name: workspace.name,
      uuid: workspace.uuid,
      account_id: null,
      nickname: workspace.slug,
      is_team: true,
      avatar: `https://bitbucket.org/workspaces/${workspace.slug}/avatar/`,
      resource_uri: `/1.0/users/${workspace.slug}`,
    },
    members: [...group.memberUuids].map((uuid) => toMember(workspace.users.get(uuid), uuid)),
  }
}

function toMember(user: User | undefined, uuid: string): JsonObject {
  if (user === undefined) throw new Error(`the group member ${uuid} has no account`)
  const id = encodeURIComponent(uuid)
  return {
    display_name: user.displayName,
    uuid,
    account_id: user.accountId,
    nickname: user.nickname,
    is_team: false,
    is_staff: false,
    avatar: `https://bitbucket.org/account/${id}/avatar/`,
    resource_uri: `/1.0/users/${id}`,
  }
}
