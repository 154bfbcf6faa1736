import type { Call } from '../http/endpoint.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Grants } from '../world/types.ts'
import { links, toGroup, toUser } from './shapes.ts'

type Kind = 'project' | 'repository'

/** The explicit grants to users on one resource, as a page. Nothing inherited shows here. */
export function userGrants(call: Call, kind: Kind, { users }: Grants): JsonObject {
  return toPage(call.url, [...users], ([userUuid, permission]) => {
    const user = call.workspace.users.get(userUuid)
    if (user === undefined) throw new Error(`the holder ${userUuid} of a grant has no account`)
    return {
      type: `${kind}_user_permission`,
      permission,
      user: toUser(user, call.url),
      links: selfLink(call, userUuid),
    }
  })
}

/** The explicit grants to groups on one resource, as a page. */
export function groupGrants(call: Call, kind: Kind, { groups }: Grants): JsonObject {
  return toPage(call.url, [...groups], ([slug, permission]) => {
    const group = call.workspace.groups.get(slug)
    if (group === undefined) throw new Error(`the group ${slug} holds a grant and does not exist`)
    return {
      type: `${kind}_group_permission`,
      permission,
      group: toGroup(group, call.workspace, call.url),
      links: selfLink(call, slug),
    }
  })
}

function selfLink({ url }: Call, principalId: string): JsonObject {
  return links(url, { self: `${url.pathname}/${encodeURIComponent(principalId)}` })
}
