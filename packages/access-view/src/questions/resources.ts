import type { Resource } from '@clarity/shared/contract/entities'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { isTheOne } from './access-of-user.ts'
import { type Asked, all, heldAt } from './at.ts'
import { ofKind } from './holdings.ts'
import { contains, follows, type Page, type Paged, startPage, toPage } from './page.ts'
import { pathsTo } from './who-can.ts'

export interface ResourceFilters {
  readonly kind?: 'project' | 'repository' | 'group' | undefined
  /** Part of the name, slug or key. */
  readonly search?: string | undefined
  /** Id of the project that repositories are in. */
  readonly project?: string | undefined
  /** `false`: anyone may read it. */
  readonly private?: boolean | undefined
}

export interface KnownResource {
  readonly id: string
  readonly resource: Resource
  /** Id of the project that a repository is in. */
  readonly project: string | null
  /** How many can do something there, by whatever way, or are in the group. */
  readonly people: number
}

interface Row {
  resource: string
  name: string
  parent: string | null
  value: Resource
  people: number
}

/** Projects, repositories and groups in the order of their names. What nobody holds anything on by itself is not known. */
export async function resources(
  db: Kysely<Tables>,
  asked: Asked & Paged & ResourceFilters,
): Promise<Page<KnownResource>> {
  const start = await startPage(db, { of: 'resources', key: ['text', 'text'] }, asked)
  const { at } = start
  const { kind, project, private: isPrivate } = asked
  const { rows } = await sql<Row>`
    select r.*, case when ${ofKind(sql`r.resource`, 'group')}
      then (select count(*)::int from grants m where ${heldAt(at, 'm')} and m.resource = r.resource)
      else (select count(distinct p.id)::int from (${pathsTo(at, sql`r.resource`, sql`r.parent`)}) p) end as people
    from (
      select e.resource, e.name, e.parent, e.value -> 'resource' as value from entitlements e
      where ${all(
        heldAt(at, 'e'),
        sql`e.kind <> 'workspace-role'`,
        isTheOne(at),
        kind && ofKind(sql`e.resource`, kind),
        project !== undefined && sql`e.parent = ${project}`,
        isPrivate !== undefined && sql`(e.value #>> '{resource,private}')::boolean = ${isPrivate}`,
        contains(sql`e.search`, asked.search),
        follows(start, [sql`e.name`, sql`e.resource`]),
      )}
      order by e.name, e.resource limit ${start.limit + 1}
    ) r order by r.name, r.resource`.execute(db)
  return toPage(db, start, rows, {
    item: ({ resource, parent, value, people }) => ({ id: resource, resource: value, project: parent, people }),
    key: ({ name, resource }) => [name, resource],
  })
}
