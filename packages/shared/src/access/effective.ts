/**
 * Effective access: what follows from the assigned facts. Everybody derives it in this one way, and nobody publishes it
 * as if it were assigned.
 *
 *   direct           user holds R                      group           user in G, G holds R
 *   project          user holds P, R lies in P         project-group   user in G, G holds P, R lies in P
 *   workspace-owner  user owns the workspace: admin on every project and repository
 *
 * The highest level of all paths counts. Every path consists of assignments (edges) that somebody could take away; that
 * a repository lies in its project is none.
 */
import type { AccessPath, EffectiveAccess } from '../contract/effective-access.ts'
import type { Grant, Nesting } from '../contract/entities.ts'
import {
  type EntitlementId,
  entitlementParts,
  type GroupMembershipId,
  grantId,
  nestingId,
  type ResourceId,
  type ServiceUserId,
} from '../contract/ids.ts'
import { highestOf } from './levels.ts'

/** What access is asked about: a project, or a repository with the project that it lies in. */
export interface AccessTarget {
  readonly id: ResourceId
  readonly parent?: ResourceId | undefined
  /** False: anyone may read it. */
  readonly private?: boolean | undefined
}

type Edge = EffectiveAccess['ifRemoved'][number]['edge']

interface Path extends AccessPath {
  readonly edges: readonly Edge[]
}

const owner: EntitlementId = 'workspace#owner'

/** The assigned facts of one connection, arranged so that access can be asked about. */
export class AccessIndex {
  /** What each user directly holds, by resource. */
  readonly #held = new Map<ServiceUserId, Map<ResourceId, EntitlementId[]>>()
  readonly #holders = new Map<ResourceId, Set<ServiceUserId>>()
  readonly #members = new Map<GroupMembershipId, Set<ServiceUserId>>()
  readonly #nestings = new Map<ResourceId, Nesting[]>()

  constructor(
    grants: Iterable<Pick<Grant, 'serviceUserId' | 'entitlementId'>>,
    nestings: Iterable<Pick<Nesting, 'id' | 'container' | 'contained'>>,
  ) {
    for (const { serviceUserId, entitlementId } of grants) this.#addGrant(serviceUserId, entitlementId)
    for (const nesting of nestings) {
      const { resource } = entitlementParts(nesting.contained)
      this.#nestings.set(resource, [...(this.#nestings.get(resource) ?? []), nesting])
    }
  }

  #addGrant(user: ServiceUserId, entitlement: EntitlementId): void {
    if (isMembership(entitlement)) {
      addTo(this.#members, entitlement, user)
      return
    }
    const { resource } = entitlementParts(entitlement)
    const held = this.#held.get(user) ?? new Map<ResourceId, EntitlementId[]>()
    this.#held.set(user, held)
    held.set(resource, [...(held.get(resource) ?? []), entitlement])
    addTo(this.#holders, resource, user)
  }

  /** Everything that leads the user to the resource, what decides, and what each assignment is worth. */
  explain(serviceUserId: ServiceUserId, target: AccessTarget): EffectiveAccess {
    const paths = [...this.#pathsOf(serviceUserId, target)]
    const level = highestOf(paths.map((path) => path.level))
    const edges = new Set(paths.flatMap((path) => path.edges))
    return {
      serviceUserId,
      resource: target.id,
      level,
      paths: paths.map(({ edges: _, ...path }) => path),
      decidedBy: paths.flatMap((path, index) => (path.level === level ? [index] : [])),
      ifRemoved: [...edges].map((edge) => ({
        edge,
        levelAfter: highestOf(paths.filter((path) => !path.edges.includes(edge)).map((path) => path.level)),
      })),
      anyoneMayRead: target.private === false,
    }
  }

  /** Who can do what on the resource: the highest level of everybody whom any path leads there. */
  levelsOn(target: AccessTarget): Map<ServiceUserId, string> {
    const levels = new Map<ServiceUserId, string>()
    for (const user of this.#candidatesFor(target)) {
      const level = highestOf([...this.#pathsOf(user, target)].map((path) => path.level))
      if (level !== null) levels.set(user, level)
    }
    return levels
  }

  #candidatesFor({ id, parent }: AccessTarget): Set<ServiceUserId> {
    const candidates = new Set(this.#holders.get('workspace'))
    for (const resource of parent === undefined ? [id] : [id, parent]) {
      for (const user of this.#holders.get(resource) ?? []) candidates.add(user)
      for (const { container } of this.#nestings.get(resource) ?? []) {
        for (const user of this.#members.get(container) ?? []) candidates.add(user)
      }
    }
    return candidates
  }

  *#pathsOf(user: ServiceUserId, { id, parent }: AccessTarget): Generator<Path> {
    yield* this.#pathsBy(user, id, id)
    if (parent !== undefined) yield* this.#pathsBy(user, parent, id)
    if (!this.#held.get(user)?.get('workspace')?.includes(owner)) return
    const steps = [{ node: user }, { edge: 'assigned', node: owner }, { edge: 'administers', node: id }]
    yield { via: 'workspace-owner', level: 'admin', steps, edges: [grantId(user, owner)] }
  }

  /** The paths by what is held on `by`: the resource itself, or the project that it lies in. */
  *#pathsBy(user: ServiceUserId, by: ResourceId, target: ResourceId): Generator<Path> {
    const inside = by === target ? [] : [{ edge: 'contains', node: target }]
    for (const entitlement of this.#held.get(user)?.get(by) ?? []) {
      yield {
        via: by === target ? 'direct' : 'project',
        level: levelOn(target, entitlement),
        steps: [{ node: user }, { edge: 'assigned', node: entitlement }, ...inside],
        edges: [grantId(user, entitlement)],
      }
    }
    for (const { container, contained } of this.#nestings.get(by) ?? []) {
      if (!this.#members.get(container)?.has(user)) continue
      yield {
        via: by === target ? 'group' : 'project-group',
        level: levelOn(target, contained),
        steps: [{ node: user }, { edge: 'member of', node: container }, { edge: 'holds', node: contained }, ...inside],
        edges: [grantId(user, container), nestingId(container, contained)],
      }
    }
  }
}

/** Who may create repositories in a project may write to those that are there. */
function levelOn(target: ResourceId, entitlement: EntitlementId): string {
  const { level } = entitlementParts(entitlement)
  return level === 'create-repo' && target.startsWith('repository:') ? 'write' : level
}

function isMembership(id: EntitlementId): id is GroupMembershipId {
  return id.startsWith('group:')
}

function addTo<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key) ?? new Set()
  sets.set(key, set.add(value))
}
