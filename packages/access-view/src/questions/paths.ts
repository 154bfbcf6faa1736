import { AccessIndex, type AccessTarget } from '@clarity/shared/access/effective'
import type { AccessPath, EffectiveAccess } from '@clarity/shared/contract/effective-access'
import type { Resource } from '@clarity/shared/contract/entities'
import { EntitlementId, GroupMembershipId, nestingId, ResourceId, ServiceUserId } from '@clarity/shared/contract/ids'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type At, heldAt } from './at.ts'

export interface KnownStep {
  readonly edge?: string | undefined
  readonly node: string
  /** Of the person, the group, the project, the repository or the workspace; null: not known, or erased. */
  readonly name: string | null
  /** Since when the assignment that leads here is known; null: before anything that is still known. Absent: it is none. */
  readonly since?: string | null
}

export interface KnownPath extends Omit<AccessPath, 'steps'> {
  readonly steps: KnownStep[]
  /** Since when it leads there as a whole: since its youngest step. Null: before anything that is still known. */
  readonly since: string | null
}

/** Effective access, with the times of what it rests on. */
export interface KnownAccess extends Omit<EffectiveAccess, 'paths'> {
  readonly paths: KnownPath[]
}

/** The resource that is asked about, as it is known; null: nothing is held on it by itself, so that the stream does not name it. */
export interface Target extends AccessTarget {
  readonly resource: Resource | null
}

/** What a project or repository is at that moment. */
export async function readTarget(db: Kysely<Tables>, at: At, id: string): Promise<Target> {
  const { rows } = await sql<{ parent: string | null; resource: Resource }>`
    select e.parent, e.value -> 'resource' as resource from entitlements e
    where ${heldAt(at, 'e')} and e.resource = ${id} order by e.from_sequence desc limit 1`.execute(db)
  return toTarget(id, rows[0]?.parent ?? null, rows[0]?.resource ?? null)
}

export function toTarget(id: string, parent: string | null, resource: Resource | null): Target {
  return {
    id: ResourceId.parse(id),
    parent: parent === null ? undefined : ResourceId.parse(parent),
    private: resource?.private,
    resource,
  }
}

/** The assigned facts that lead some people to some resources, and since when each of them is known. */
export interface Facts {
  explain(serviceUserId: string, target: AccessTarget): KnownAccess
}

/** Reads what leads any of the people to any of the resources, and no more. */
export async function readFacts(
  db: Kysely<Tables>,
  at: At,
  serviceUserIds: readonly string[],
  targets: readonly AccessTarget[],
): Promise<Facts> {
  const resources = [...new Set(targets.flatMap(({ id, parent }) => (parent === undefined ? [id] : [id, parent])))]
  const users = sql`select json_array_elements_text(${JSON.stringify(serviceUserIds)}::json)`
  const on = sql`select json_array_elements_text(${JSON.stringify(resources)}::json)`
  const { rows: nestings } = await sql<{ container: string; resource: string; level: string; since: string | null }>`
    select n.container, n.resource, n.level, n.from_time as since from nestings n
    where ${heldAt(at, 'n')} and n.resource in (${on}) order by n.container, n.resource, n.level`.execute(db)
  const groups = JSON.stringify([...new Set(nestings.map(({ container }) => container)), 'workspace'])
  const { rows: grants } = await sql<{ id: string; resource: string; level: string; since: string | null }>`
    select g.service_user_id as id, g.resource, g.level, g.from_time as since from grants g
    where ${heldAt(at, 'g')} and g.service_user_id in (${users})
      and g.resource in (${on} union all select json_array_elements_text(${groups}::json))
    order by g.service_user_id, g.resource, g.level`.execute(db)
  return toFacts(
    await readNames(db, at, serviceUserIds, [...resources, ...grants.map(({ resource }) => resource)]),
    grants.map(({ id, resource, level, since }) => ({
      serviceUserId: ServiceUserId.parse(id),
      entitlementId: EntitlementId.parse(`${resource}#${level}`),
      since,
    })),
    nestings.map(({ container, resource, level, since }) => ({
      container: GroupMembershipId.parse(`${container}#member`),
      contained: EntitlementId.parse(`${resource}#${level}`),
      since,
    })),
  )
}

/** What people and resources are called, by their ids. */
async function readNames(
  db: Kysely<Tables>,
  at: At,
  serviceUserIds: readonly string[],
  resources: readonly string[],
): Promise<Map<string, string>> {
  const listed = (ids: readonly string[]) =>
    sql`(select json_array_elements_text(${JSON.stringify([...new Set(ids)])}::json))`
  const { rows } = await sql<{ id: string; name: string | null }>`
    select u.id, coalesce(u.value #>> '{attributes,displayName}', u.value #>> '{attributes,nickname}') as name
    from service_users u where ${heldAt(at, 'u')} and u.id in ${listed(serviceUserIds)}
    union all
    select e.resource, min(e.value #>> '{resource,name}') from entitlements e
    where ${heldAt(at, 'e')} and e.resource in ${listed(resources)} group by e.resource`.execute(db)
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])))
}

interface KnownSince {
  readonly since: string | null
}

function toFacts(
  names: ReadonlyMap<string, string>,
  grants: readonly (KnownSince & { readonly serviceUserId: ServiceUserId; readonly entitlementId: EntitlementId })[],
  nestings: readonly (KnownSince & { readonly container: GroupMembershipId; readonly contained: EntitlementId })[],
): Facts {
  const withIds = nestings.map((nesting) => ({ ...nesting, id: nestingId(nesting.container, nesting.contained) }))
  const index = new AccessIndex(grants, withIds)
  const since = new Map<string, string | null>([
    ...grants.map((grant) => [`${grant.serviceUserId}|${grant.entitlementId}`, grant.since] as const),
    ...withIds.map(({ id, since: time }) => [id, time] as const),
  ])
  return {
    explain(serviceUserId, target) {
      const access = index.explain(ServiceUserId.parse(serviceUserId), target)
      return { ...access, paths: access.paths.map((path) => toKnownPath(path, since, names)) }
    },
  }
}

/** A path with the time of each assignment on it, and the names of what it leads through. */
function toKnownPath(
  path: AccessPath,
  since: ReadonlyMap<string, string | null>,
  names: ReadonlyMap<string, string>,
): KnownPath {
  const steps = path.steps.map((step, index): KnownStep => {
    const named = { ...step, name: names.get(resourceOf(step.node)) ?? null }
    const time = since.get(`${path.steps[index - 1]?.node}|${step.node}`)
    return time === undefined ? named : { ...named, since: time }
  })
  const times = steps.flatMap((step) => (step.since == null ? [] : [step.since]))
  return { ...path, steps, since: times.toSorted().at(-1) ?? null }
}

/** What an entitlement is on; anything else is itself. */
function resourceOf(node: string): string {
  const cut = node.lastIndexOf('#')
  return cut === -1 ? node : node.slice(0, cut)
}
