import { createHash } from 'node:crypto'
import type { Entitlement, Resource } from '@clarity/shared/contract/entities'
import {
  type GroupMembershipId,
  groupMembershipId,
  type ResourceId,
  type ScopeId,
  ServiceUserId,
} from '@clarity/shared/contract/ids'
import { resourceIdOf } from '@clarity/shared/store/fact-fields'
import type { ObservedUser } from './identity.ts'

/**
 * The facts of one scope; `packages/shared/src/store/fact-fields.ts` says how they are stored.
 *
 * Service users and groups are mentioned by many scopes; what they are stands elsewhere, once. So does what a project or
 * a repository is, for the lists tell of that.
 */
export interface Facts {
  readonly levels: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  /** By field. */
  readonly holdings: ReadonlyMap<string, Holding>
}

/** Somebody holds a level on a resource. */
export interface Holding {
  readonly holder: ServiceUserId | GroupMembershipId
  readonly resource: ResourceId
  readonly level: string
}

/** What one complete read of a scope says. */
export interface Reading {
  readonly facts: Facts
  /** What the levels are held on; null in the scope of the groups. */
  readonly resource: Resource | null
  /** The service users that it mentions, as far as it describes them. */
  readonly users: ReadonlyMap<ServiceUserId, ObservedUser>
  /** The groups that it mentions, as far as it describes them. */
  readonly groups: ReadonlyMap<GroupMembershipId, Entitlement>
}

const charsAtATime = 16 * 1024

export const noFacts: Facts = { levels: new Set(), groups: new Set(), holdings: new Map() }

/** Reads stored fields back into facts. */
export function decodeFacts(scopeId: ScopeId, fields: ReadonlyMap<string, string>): Facts {
  const levels = new Set<string>()
  const groups = new Set<string>()
  const holdings = new Map<string, Holding>()
  const own = resourceIdOf(scopeId)
  for (const [field, value] of fields) {
    if (field.startsWith('#')) levels.add(field.slice(1))
    else if (own !== null) holdings.set(field, { holder: holderOf(field), resource: own, level: value })
    else if (field.startsWith('group:')) groups.add(field.slice('group:'.length))
    else {
      const [user, slug] = splitMembership(field)
      holdings.set(field, { holder: ServiceUserId.parse(user), resource: `group:${slug}`, level: value })
    }
  }
  return { levels, groups, holdings }
}

function holderOf(field: string): ServiceUserId | GroupMembershipId {
  return field.startsWith('group:') ? groupMembershipId(field.slice('group:'.length)) : ServiceUserId.parse(field)
}

function splitMembership(field: string): [user: string, slug: string] {
  const at = field.indexOf('@')
  return [field.slice(0, at), field.slice(at + 1)]
}

/** The same for two readings that say the same, whatever the order of their rows. */
export function digestOf({ facts, resource, users, groups }: Reading): string {
  const hash = createHash('sha256')
  let text = ''
  // Some parts at a time, with their number before them: as one text a large scope would be as long as all of its pages.
  const say = (parts: readonly unknown[]) => {
    text += `${parts.length}\n`
    for (const part of parts) {
      text += `${JSON.stringify(part)}\n`
      if (text.length < charsAtATime) continue
      hash.update(text)
      text = ''
    }
  }
  say([resource])
  say([...facts.levels].sort())
  say([...facts.groups].sort())
  for (const map of [facts.holdings, users, groups]) say([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
  return hash.update(text).digest('base64url')
}
