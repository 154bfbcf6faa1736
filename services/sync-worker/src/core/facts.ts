import { createHash, type Hash, hash } from 'node:crypto'
import type { Entitlement, Resource } from '@clarity/shared/contract/entities'
import {
  type GroupMembershipId,
  groupMembershipId,
  isServiceUserId,
  type ResourceId,
  type ScopeId,
  type ServiceUserId,
} from '@clarity/shared/contract/ids'
import { InvariantError } from '@clarity/shared/runtime/errors'
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

const partsAtATime = 100
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
    else if (own !== null) holdings.set(field, { holder: holderOf(field, scopeId), resource: own, level: value })
    else if (field.startsWith('group:')) groups.add(field.slice('group:'.length))
    else {
      const [user, slug] = splitMembership(field)
      holdings.set(field, { holder: toServiceUserId(user, scopeId), resource: `group:${slug}`, level: value })
    }
  }
  return { levels, groups, holdings }
}

function holderOf(field: string, scopeId: ScopeId): ServiceUserId | GroupMembershipId {
  return field.startsWith('group:') ? groupMembershipId(field.slice('group:'.length)) : toServiceUserId(field, scopeId)
}

function toServiceUserId(text: string, scopeId: ScopeId): ServiceUserId {
  if (isServiceUserId(text)) return text
  throw new InvariantError('A stored fact is of nobody: its field names no service user', { scopeId })
}

function splitMembership(field: string): [user: string, slug: string] {
  const at = field.indexOf('@')
  return [field.slice(0, at), field.slice(at + 1)]
}

/** The same for two readings that say the same, whatever the order of their rows. */
export function digestOf({ facts, resource, users, groups }: Reading): string {
  const digest = new DigestOfParts()
  digest.say([resource])
  digest.say(inOrder(facts.levels))
  digest.say(inOrder(facts.groups))
  // A field says who holds what on what, and an entity which it is.
  digest.say(inOrder(facts.holdings.keys()).flatMap((field) => [field, facts.holdings.get(field)?.level]))
  digest.say(inOrder(users.keys()).map((id) => users.get(id)))
  digest.say(inOrder(groups.keys()).map((id) => groups.get(id)))
  return digest.end()
}

/** Digests some parts at a time, with their number before them: as one text a large scope would be as long as all of its pages. */
class DigestOfParts {
  #text = ''
  /** Of what came before the text; null for a scope that is one text. */
  #hash: Hash | null = null

  say(parts: readonly unknown[]): void {
    this.#text += `${parts.length}\n`
    for (let from = 0; from < parts.length; from += partsAtATime) {
      this.#text += `${JSON.stringify(parts.slice(from, from + partsAtATime))}\n`
      if (this.#text.length < charsAtATime) continue
      this.#hash = (this.#hash ?? createHash('sha256')).update(this.#text)
      this.#text = ''
    }
  }

  end(): string {
    if (this.#hash === null) return hash('sha256', this.#text, 'base64url')
    return this.#hash.update(this.#text).digest('base64url')
  }
}

function inOrder<Key extends string>(keys: Iterable<Key>): Key[] {
  return [...keys].sort()
}
