import type { Call, Endpoint } from '../http/endpoint.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Member } from '../world/types.ts'
import { links, toUser, toWorkspace } from './shapes.ts'

/** The members, without and with their role. */
export const memberEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}/members',
    scopes: ['account'],
    answer: (call) => toPage(call.url, [...call.workspace.members.keys()], (userUuid) => toMembership(call, userUuid)),
  },
  {
    path: '/2.0/workspaces/{workspace}/permissions',
    scopes: ['account'],
    answer: (call) =>
      toPage(call.url, [...call.workspace.members], ([userUuid, member]) => ({
        ...toMembership(call, userUuid),
        ...toRole(member),
      })),
  },
]

function toMembership({ workspace, url }: Call, userUuid: string): JsonObject {
  const user = workspace.users.get(userUuid)
  if (user === undefined) throw new Error(`the member ${userUuid} has no account`)
  return {
    type: 'workspace_membership',
    user: toUser(user, url),
    workspace: toWorkspace(workspace, url),
    links: links(url, { self: `/2.0/workspaces/${workspace.slug}/members/${encodeURIComponent(userUuid)}` }),
  }
}

function toRole({ permission, addedOn, lastAccessed }: Member): JsonObject {
  return { permission, added_on: addedOn, last_accessed: lastAccessed }
}
