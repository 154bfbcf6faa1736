import type { Resource } from '@clarity/shared/contract/entities'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, type At, all, heldAt } from './at.ts'
import { ofKind } from './holdings.ts'
import { rankOf } from './levels.ts'
import { contains, follows, type Page, type Paged, startPage, toPage } from './page.ts'
import { type KnownAccess, readFacts, toTarget } from './paths.ts'
import { type AccessFilters, accessConditions, accessOrder } from './who-can.ts'

export interface AccessOfUserFilters extends AccessFilters {
  readonly resourceKind?: 'project' | 'repository' | undefined
  /** Part of the name, slug or key of the resource. */
  readonly search?: string | undefined
  /** Whether the resource can be administered. */
  readonly privileged?: boolean | undefined
}

export interface ResourceAccess extends KnownAccess {
  /** What the access is to; `resource` is its id. */
  readonly on: Resource
}

interface Row {
  resource: string
  parent: string | null
  rank: number
  name: string
  value: Resource
}

/**
 * All projects and repositories that a person comes to, with the highest level and every way that leads there. A repository on
 * which nothing is held by itself is not told of: on it counts what its project says.
 */
export async function accessOfUser(
  db: Kysely<Tables>,
  asked: Asked & Paged & AccessOfUserFilters & { readonly serviceUserId: string },
): Promise<Page<ResourceAccess>> {
  const { sort = 'name', serviceUserId, resourceKind, privileged } = asked
  const start = await startPage(db, accessOrder('access-of-user', sort), asked)
  const { at } = start
  const columns = sort === 'level' ? [sql`-l.rank`, sql`l.name`, sql`l.resource`] : [sql`l.name`, sql`l.resource`]
  const reached = (await ownsWorkspace(db, at, serviceUserId))
    ? everything(at, serviceUserId)
    : reachedBy(at, serviceUserId)
  const { rows } = await sql<Row>`
    select p.*, (select e.value -> 'resource' from entitlements e where ${heldAt(at, 'e')} and e.id = p.entitlement) as value
    from (select l.resource, l.parent, l.rank, l.name, l.entitlement from (${reached}) l
    where ${all(
      resourceKind && ofKind(sql`l.resource`, resourceKind),
      contains(sql`l.search`, asked.search),
      privileged !== undefined && sql`(l.rank = 5) = ${privileged}`,
      ...accessConditions(asked),
      follows(start, columns),
    )}
    order by ${sql.join(columns)} limit ${start.limit + 1}) p
    order by ${sql.join(sort === 'level' ? [sql`-p.rank`, sql`p.name`, sql`p.resource`] : [sql`p.name`, sql`p.resource`])}`.execute(
    db,
  )
  const targets = rows.map(({ resource, parent, value }) => toTarget(resource, parent, value))
  const facts = await readFacts(db, at, [serviceUserId], targets)
  return toPage(db, start, rows, {
    item: ({ resource, parent, value }) => ({
      ...facts.explain(serviceUserId, toTarget(resource, parent, value)),
      on: value,
    }),
    key: ({ rank, name, resource }) => (sort === 'level' ? [-rank, name, resource] : [name, resource]),
  })
}

async function ownsWorkspace(db: Kysely<Tables>, at: At, serviceUserId: string): Promise<boolean> {
  const { rows } = await sql`
    select from grants g where ${heldAt(at, 'g')} and g.service_user_id = ${serviceUserId}
      and g.resource = 'workspace' and g.level = 'owner'`.execute(db)
  return rows.length > 0
}

/** A row for each way by which a person comes to a project or repository, but owning the workspace. */
function waysOf(at: At, serviceUserId: string): RawBuilder<unknown> {
  return sql`
    with mine as materialized (
      select g.resource, g.level from grants g where ${heldAt(at, 'g')} and g.service_user_id = ${serviceUserId}
    ), given as (
      select m.resource, m.level, 'direct' as via, 'project' as inside from mine m
      where ${ofKind(sql`m.resource`, 'project')} or ${ofKind(sql`m.resource`, 'repository')}
      union all
      select n.resource, n.level, 'group', 'project-group' from mine m
      join nestings n on ${heldAt(at, 'n')} and n.container = m.resource
      where ${ofKind(sql`m.resource`, 'group')}
    )
    select g.resource, g.level, g.via, ${rankOf(sql`g.level`, sql`g.resource`)} as rank, e.name, e.parent, e.search, e.id as entitlement
    from given g left join entitlements e on ${heldAt(at, 'e')} and e.id = g.resource || '#' || g.level
    union all
    select r.resource, g.level, g.inside, ${rankOf(sql`g.level`, sql`'repository:'`)}, r.name, r.parent, r.search, r.id
    from given g cross join lateral (
      select distinct on (e.resource) e.resource, e.name, e.parent, e.search, e.id
      from entitlements e where ${heldAt(at, 'e')} and e.parent = g.resource) r
    where ${ofKind(sql`g.resource`, 'project')}`
}

/** What somebody who does not own the workspace comes to. What it is called, each of its entitlements says alike. */
function reachedBy(at: At, serviceUserId: string): RawBuilder<unknown> {
  return sql`
    select p.resource, max(p.rank) as rank, count(*) as paths, array_agg(p.via) as vias, array_agg(p.level) as levels,
      coalesce(min(p.name), p.resource) as name, min(p.parent) as parent, min(p.search) as search, min(p.entitlement) as entitlement
    from (${waysOf(at, serviceUserId)}) p group by p.resource`
}

/** An owner of the workspace comes to every project and repository, as its administrator: they are walked in order of their names. */
function everything(at: At, serviceUserId: string): RawBuilder<unknown> {
  const ways = sql`(select array_agg(p.via) || 'workspace-owner'::text from (${waysOf(at, serviceUserId)}) p where p.resource = e.resource)`
  return sql`
    select e.resource, 5 as rank, e.name, e.parent, e.search, e.id as entitlement, array['admin'] as levels,
      ${ways} as vias, cardinality(${ways}) as paths
    from entitlements e
    where ${heldAt(at, 'e')} and e.kind in ('project-permission', 'repository-permission') and ${isTheOne(at)}`
}

/** Of the entitlements of a resource one, the latest, so that each resource comes once. */
export function isTheOne(at: At): RawBuilder<boolean> {
  return sql`not exists (
    select from entitlements f where ${heldAt(at, 'f')} and f.resource = e.resource
      and (f.from_sequence, f.level) > (e.from_sequence, e.level))`
}
