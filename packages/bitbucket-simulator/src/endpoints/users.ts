import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import { type JsonObject, onRequest } from '../http/json.ts'
import { uuidOf } from '../world/names.ts'
import type { User } from '../world/types.ts'
import { findUser } from '../world/world.ts'
import { links, toTeam, toUser } from './shapes.ts'

/** Accounts: the caller's own, and any by its id. */
export const userEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/user',
    scopes: ['account'],
    tokenScopes: ['read:user'],
    answer: (call) => toCurrent(call),
  },
  {
    path: '/2.0/users/{selected_user}',
    scopes: [],
    tokenScopes: ['read:user'],
    anonymous: 'allowed',
    accessTokens: true,
    answer(call) {
      const id = call.param('selected_user')
      for (const workspace of call.world.workspaces.values()) {
        const user = findUser(workspace, id)
        if (user !== undefined) return toWhole(call, user)
      }
      // Also the answer for a team, which is no user.
      throw new ApiError(404, `${id} is not a Bitbucket account.`)
    },
  },
]

/**
 * Who the credential stands for. A consumer's token used to be the workspace's own account, a team or a person; since
 * May 2026 it is an app user.
 */
function toCurrent(call: Call): JsonObject {
  const { caller, era, base } = call
  if (caller.user !== null) return toWhole(call, caller.user)
  if (caller.workspace === null) throw new Error('a caller is a person or belongs to a workspace')
  if (era === 'legacy' && caller.workspace.kind === 'team') return whole(toTeam(caller.workspace, base))
  const uuid = uuidOf('consumer', caller.id)
  const id = encodeURIComponent(uuid)
  return {
    type: era === 'legacy' ? 'user' : 'app_user',
    uuid,
    account_id: `712020:${uuid.slice(1, -1)}`,
    account_status: 'active',
    display_name: caller.workspace.name,
    created_on: caller.workspace.createdOn,
    ...(era === 'legacy' ? { nickname: caller.workspace.slug } : { kind: 'app' }),
    links: links(base, { avatar: `/account/${id}/avatar/` }),
  }
}

function toWhole({ era, base }: Call, user: User): JsonObject {
  const shown = whole(toUser(user, base))
  // Names of accounts went away with the privacy changes; older clients still look for them.
  return era === 'legacy'
    ? { ...shown, username: (user.nickname ?? user.displayName).toLowerCase().replaceAll(' ', '.') }
    : shown
}

/** The account as it is by itself: with what an embedded one shows on request only. */
function whole(account: JsonObject): JsonObject {
  return { ...account, ...account[onRequest] }
}
