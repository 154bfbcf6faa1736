import { compileQuery, listedValues } from '../bbql/bbql.ts'
import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import { condensed, type JsonObject, onRequest } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import { derive } from '../world/derived.ts'
import type { Member, User } from '../world/types.ts'
import { findUser } from '../world/world.ts'
import { links, toUser, toWorkspace } from './shapes.ts'

const emailsMax = 90

/** The members, without and with their role. */
export const memberEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}/members',
    queries: true,
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    accessTokens: true,
    answer(call) {
      const uuids = membersOf(call.workspace).map(([uuid]) => uuid)
      const query = call.url.searchParams.get('q')
      if (query === null) return toPage(call, uuids, (uuid) => toMembership(call, readUser(call, uuid)))
      const asked = readEmails(call, query)
      const found = uuids.map((uuid) => readUser(call, uuid)).filter(({ email }) => asked.has(email))
      return toPage(call, found, (user) => toMembership(call, user, { email: user.email }))
    },
  },
  {
    path: '/2.0/workspaces/{workspace}/members/{member}',
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    answer(call) {
      const user = findUser(call.workspace, call.param('member'))
      if (user === undefined || !call.workspace.members.has(user.uuid)) throw new ApiError(404, 'Membership not found.')
      return toMembership(call, user)
    },
  },
  {
    path: '/2.0/workspaces/{workspace}/permissions',
    queries: true,
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    answer(call) {
      const query = call.url.searchParams.get('q')
      const members = membersOf(call.workspace)
      const meant = query === null ? members : members.filter(compileQuery<[string, Member]>(query, permissionFields))
      return toPage(call, meant, ([uuid, member]) => toRole(call, readUser(call, uuid), member))
    },
  },
  {
    path: '/2.0/user/workspaces/{workspace}/permission',
    unseen: 403,
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    answer(call) {
      const { user } = call.caller
      // A consumer is no member: there is nobody whose role it could be.
      const member = user === null ? undefined : call.workspace.members.get(user.uuid)
      if (user === null || member === undefined) throw new ApiError(403, 'You are not a member of this workspace.')
      return toRole(call, user, member)
    },
  },
]

const membersOf = derive(({ members }) => [...members])

const permissionFields = {
  permission: { type: 'text', read: ([, { permission }]: [string, Member]) => permission },
} as const

/**
 * The addresses of `user.email IN (...)`. Bitbucket matches them and lists none by itself; the caller must administer
 * the workspace.
 */
function readEmails(call: Call, query: string): ReadonlySet<string> {
  const emails = listedValues(query, 'user.email')
  if (emails === null) throw new ApiError(400, 'Members can be filtered by user.email only.')
  if (emails.length > emailsMax) throw new ApiError(400, `At most ${emailsMax} addresses can be asked for at once.`)
  if (!call.caller.administers(call.workspace) && call.caller.kind !== 'access-token') {
    throw new ApiError(403, 'Only an administrator of the workspace may look members up by address.')
  }
  return new Set(emails)
}

function readUser({ workspace }: Call, uuid: string): User {
  const user = workspace.users.get(uuid)
  if (user === undefined) throw new Error(`the member ${uuid} has no account`)
  return user
}

/** `more` shows on the user only to those who ask for it by name. */
function toMembership({ workspace, base }: Call, user: User, more: JsonObject = {}): JsonObject {
  const shown = toUser(user, base)
  return {
    type: 'workspace_membership',
    user: condensed(shown, { ...shown[onRequest], ...more }),
    workspace: toWorkspace(workspace, base),
    links: links(base, { self: `/2.0/workspaces/${workspace.slug}/members/${encodeURIComponent(user.uuid)}` }),
  }
}

function toRole(call: Call, user: User, { permission, addedOn, lastAccessed }: Member): JsonObject {
  const row = { ...toMembership(call, user), permission }
  // Gone once the workspace's people are administered elsewhere.
  if (call.workspace.administration !== 'bitbucket') return row
  return { ...row, added_on: addedOn, last_accessed: lastAccessed }
}
