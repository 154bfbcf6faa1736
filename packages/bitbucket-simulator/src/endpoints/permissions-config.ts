import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Project, Repository } from '../world/types.ts'
import { findUser } from '../world/world.ts'
import { links, toGroup, toUser } from './shapes.ts'

interface Resource {
  readonly kind: 'project' | 'repository'
  /** The path of the project or repository itself. */
  readonly path: string
  /** The project or repository that the path names. @throws ApiError 404, and 403 for who does not administer it */
  read(call: Call): Project | Repository
}

/** The explicit grants on a project or on a repository: lists, and one by one. Nothing inherited shows here. */
export function permissionEndpoints({ kind, path, read }: Resource): Endpoint[] {
  const base = `${path}/permissions-config`
  const access = {
    scopes: [`${kind}:admin`],
    tokenScopes: [`read:${kind}`],
    // Documented for projects: who does not say who he is finds nothing here.
    anonymous: 'not-found',
  } as const
  return [
    {
      ...access,
      path: `${base}/users`,
      answer: (call) =>
        toPage(call, [...read(call).grants.users], ([uuid, permission]) => userRow(call, kind, uuid, permission)),
    },
    {
      ...access,
      path: `${base}/users/{selected_user_id}`,
      answer(call) {
        const { grants } = read(call)
        const user = findUser(call.workspace, call.param('selected_user_id'))
        if (user === undefined) throw new ApiError(404, 'No such user.')
        // Whoever exists and holds nothing here holds `none`.
        return userRow(call, kind, user.uuid, grants.users.get(user.uuid) ?? 'none')
      },
    },
    {
      ...access,
      path: `${base}/groups`,
      answer: (call) =>
        toPage(call, [...read(call).grants.groups], ([slug, permission]) => groupRow(call, kind, slug, permission)),
    },
    {
      ...access,
      path: `${base}/groups/{group_slug}`,
      answer(call) {
        const { grants } = read(call)
        const slug = call.param('group_slug')
        if (!call.workspace.groups.has(slug)) throw new ApiError(404, `No group '${slug}' in this workspace.`)
        return groupRow(call, kind, slug, grants.groups.get(slug) ?? 'none')
      },
    },
  ]
}

function userRow(call: Call, kind: Resource['kind'], userUuid: string, permission: string): JsonObject {
  const user = call.workspace.users.get(userUuid)
  if (user === undefined) throw new Error(`the holder ${userUuid} of a grant has no account`)
  return {
    type: `${kind}_user_permission`,
    permission,
    user: toUser(user, call.base),
    links: selfLink(call, 'users', userUuid),
  }
}

function groupRow(call: Call, kind: Resource['kind'], slug: string, permission: string): JsonObject {
  const group = call.workspace.groups.get(slug)
  if (group === undefined) throw new Error(`the group ${slug} holds a grant and does not exist`)
  return {
    type: `${kind}_group_permission`,
    permission,
    group: toGroup(group, call.workspace, call.base),
    links: selfLink(call, 'groups', slug),
  }
}

function selfLink({ url, base }: Call, list: 'users' | 'groups', principalId: string): JsonObject {
  const path = url.pathname.slice(new URL(base).pathname.replace(/\/$/, '').length)
  const upToList = path.slice(0, path.indexOf(`/permissions-config/${list}`))
  return links(base, { self: `${upToList}/permissions-config/${list}/${encodeURIComponent(principalId)}` })
}
