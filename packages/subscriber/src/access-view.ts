import type { AccessIndex, AccessTarget } from '@clarity/shared/access/effective'
import { directionOf } from '@clarity/shared/access/levels'
import type { EffectiveAccess } from '@clarity/shared/contract/effective-access'
import type { Resource } from '@clarity/shared/contract/entities'
import { bareUuid, type EntitlementId, entitlementParts, type ServiceUserId } from '@clarity/shared/contract/ids'
import { type AccessState, indexAccess } from './view.ts'

/** Who can do what in one connection, and why, at one moment. */
export class AccessSnapshot {
  readonly state: AccessState
  #index: AccessIndex | null = null
  #targets: readonly AccessTarget[] | null = null

  constructor(state: AccessState) {
    this.state = state
  }

  /** Everybody who can do on the entitlement's resource at least what it gives, with all ways that lead there. */
  whoCan(entitlementId: EntitlementId): EffectiveAccess[] {
    const { resource, level } = entitlementParts(entitlementId)
    if (resource === 'workspace' || resource.startsWith('group:')) return this.#holdersOf(entitlementId)
    const target = this.#allTargets().find(({ id }) => id === resource) ?? { id: resource }
    const levels = [...this.#access().levelsOn(target)].filter(([, held]) => isAtLeast(held, level))
    return levels.map(([user]) => this.#access().explain(user, target)).toSorted(byUser)
  }

  /**
   * What a service user can do on each project and repository, with all ways that lead there. A repository on which nothing is
   * held by itself is not told of: on it counts what its project says.
   */
  accessOf(serviceUserId: ServiceUserId): EffectiveAccess[] {
    return this.#allTargets()
      .map((target) => this.#access().explain(serviceUserId, target))
      .filter(({ level }) => level !== null)
  }

  /** A role or a membership is held directly, or not at all. */
  #holdersOf(entitlementId: EntitlementId): EffectiveAccess[] {
    const { resource, level } = entitlementParts(entitlementId)
    const held = [...this.state.grants.values()].filter((grant) => grant.entitlementId === entitlementId)
    return held
      .map(({ id, serviceUserId }) => ({
        serviceUserId,
        resource,
        level,
        paths: [
          {
            via: 'direct' as const,
            level,
            steps: [{ node: serviceUserId }, { edge: 'assigned', node: entitlementId }],
          },
        ],
        decidedBy: [0],
        ifRemoved: [{ edge: id, levelAfter: null }],
        anyoneMayRead: false,
      }))
      .toSorted(byUser)
  }

  #access(): AccessIndex {
    this.#index ??= indexAccess(this.state)
    return this.#index
  }

  #allTargets(): readonly AccessTarget[] {
    this.#targets ??= targetsOf(this.state)
    return this.#targets
  }
}

/** Every project and repository of which a level is told. */
function targetsOf({ entitlements }: AccessState): AccessTarget[] {
  const targets = new Map<string, AccessTarget>()
  for (const { id, kind, resource } of entitlements.values()) {
    if (kind === 'workspace-role' || kind === 'group-membership') continue
    const { resource: resourceId } = entitlementParts(id)
    targets.set(resourceId, { id: resourceId, parent: parentOf(resource), private: resource.private })
  }
  return [...targets.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function parentOf({ parent }: Resource): AccessTarget['parent'] {
  return parent && `project:${bareUuid(parent.uuid)}`
}

function isAtLeast(held: string, level: string): boolean {
  return held === level || directionOf(level, held) === 'raised'
}

function byUser(a: EffectiveAccess, b: EffectiveAccess): number {
  return a.serviceUserId < b.serviceUserId ? -1 : 1
}
