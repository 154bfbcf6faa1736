import type { Resource, ServiceUser } from '@clarity/shared/contract/entities'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type Asked, type At, all, heldAt, type Included, includedAt, resolveAt } from './at.ts'
import { rankOf, rankOfLevel } from './levels.ts'
import { contains, follows, type ListOrder, type Page, type Paged, startPage, toPage } from './page.ts'
import { type KnownAccess, readFacts, readTarget, type Target } from './paths.ts'

export type Via = KnownAccess['paths'][number]['via']

export interface AccessFilters {
  /** At least this level, in the order of the known ones; of another level, exactly it. */
  readonly atLeast?: string | undefined
  /** Exactly this level. */
  readonly level?: string | undefined
  /** Only where some path leads this way. */
  readonly via?: Via | undefined
  /** Only where so many paths lead there. */
  readonly pathsMin?: number | undefined
  /** By the name, or the highest level first. */
  readonly sort?: 'name' | 'level' | undefined
}

export interface PersonAccess extends KnownAccess {
  /** Null: nothing but the id is known. */
  readonly serviceUser: ServiceUser | null
}

export interface WhoCan extends Page<PersonAccess> {
  /** The project or repository; null: nothing is held on it by itself, so that the stream does not name it. */
  readonly on: Resource | null
}

interface Row {
  id: string
  rank: number
  name: string
  value: ServiceUser | null
}

/** Everybody who can do something on a project or repository, by whatever ways, with these ways. */
export async function whoCan(
  db: Kysely<Tables>,
  asked: Asked & Paged & AccessFilters & { readonly resource: string; readonly search?: string | undefined },
): Promise<WhoCan> {
  const { sort = 'name' } = asked
  const start = await startPage(db, accessOrder('who-can', sort), asked)
  const { at } = start
  const target = await readTarget(db, at, asked.resource)
  const columns = sort === 'level' ? [sql`-l.rank`, sql`l.name`, sql`l.id`] : [sql`l.name`, sql`l.id`]
  const { rows } = await sql<Row>`
    with leveled as (
      select p.id, max(p.rank) as rank, count(*) as paths, array_agg(p.via) as vias, coalesce(u.name, p.id) as name, u.value,
        array_agg(p.level) as levels
      from (${pathsTo(at, sql`${target.id}::text`, sql`${target.parent ?? null}::text`)}) p
      left join service_users u on ${heldAt(at, 'u')} and u.id = p.id
      group by p.id, u.name, u.value, u.search
      having ${contains(sql`coalesce(u.search, '')`, asked.search) ?? sql`true`}
    )
    select l.id, l.rank, l.name, l.value from leveled l
    where ${all(...accessConditions(asked), follows(start, columns))}
    order by ${sql.join(columns)} limit ${start.limit + 1}`.execute(db)
  const facts = await readFacts(
    db,
    at,
    rows.map(({ id }) => id),
    [target],
  )
  const page = await toPage(db, start, rows, {
    item: ({ id, value }) => ({ ...facts.explain(id, target), serviceUser: value }),
    key: ({ rank, name, id }) => (sort === 'level' ? [-rank, name, id] : [name, id]),
  })
  return { ...page, on: target.resource }
}

/** One person and one resource: every way that leads there, and what would be left without an assignment. */
export async function explain(
  db: Kysely<Tables>,
  asked: Asked & { readonly serviceUserId: string; readonly resource: string },
): Promise<KnownAccess & Included & Pick<WhoCan, 'on'>> {
  const at = await resolveAt(db, asked)
  const target: Target = await readTarget(db, at, asked.resource)
  const facts = await readFacts(db, at, [asked.serviceUserId], [target])
  const access = facts.explain(asked.serviceUserId, target)
  return { ...access, ...(await includedAt(db, at)), on: target.resource }
}

/** The order of what was reckoned of people or resources, as cursors name it. */
export function accessOrder(of: string, sort: 'name' | 'level'): ListOrder {
  return { of: `${of}/${sort}`, key: sort === 'level' ? ['rank', 'text', 'text'] : ['text', 'text'] }
}

/** The conditions of the filters on what was reckoned of a person or a resource, under `l`. */
export function accessConditions(filters: AccessFilters): (RawBuilder<unknown> | undefined)[] {
  const { atLeast, level, via, pathsMin } = filters
  return [
    level === undefined ? undefined : isLevel(level),
    atLeast === undefined ? undefined : isAtLeast(atLeast),
    via === undefined ? undefined : sql`${via} = any(l.vias)`,
    pathsMin === undefined ? undefined : sql`l.paths >= ${pathsMin}`,
  ]
}

function isLevel(level: string): RawBuilder<unknown> {
  const rank = rankOfLevel(level)
  return rank === 1 ? sql`l.rank = 1 and ${level} = any(l.levels)` : sql`l.rank = ${rank}`
}

function isAtLeast(level: string): RawBuilder<unknown> {
  const rank = rankOfLevel(level)
  return rank === 1 ? isLevel(level) : sql`l.rank >= ${rank} and l.rank <> 1`
}

/** A row for each way that leads anybody to a resource, which may lie in a project: who, the level, how high it is, and which way. */
export function pathsTo(at: At, resource: RawBuilder<string>, parent: RawBuilder<string | null>): RawBuilder<unknown> {
  const rank = (level: RawBuilder<unknown>) => rankOf(level, resource)
  return sql`
    select g.service_user_id as id, g.level, ${rank(sql`g.level`)} as rank,
      case when g.resource = ${resource} then 'direct' else 'project' end as via
    from grants g where ${heldAt(at, 'g')} and g.resource in (${resource}, ${parent})
    union all
    select m.service_user_id, n.level, ${rank(sql`n.level`)},
      case when n.resource = ${resource} then 'group' else 'project-group' end
    from nestings n join grants m on ${heldAt(at, 'm')} and m.resource = n.container
    where ${heldAt(at, 'n')} and n.resource in (${resource}, ${parent})
    union all
    select o.service_user_id, 'admin', 5, 'workspace-owner'
    from grants o where ${heldAt(at, 'o')} and o.resource = 'workspace' and o.level = 'owner'`
}
