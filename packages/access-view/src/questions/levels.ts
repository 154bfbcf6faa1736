import { type RawBuilder, sql } from 'kysely'

/**
 * The order of levels in SQL, as `highestOf` has it: none, what nobody knows, read, write, create-repo, admin. On a repository
 * create-repo counts as write. It is held against that function in `access.property.test.ts`.
 */
export function rankOf(level: RawBuilder<unknown>, resource: RawBuilder<unknown>): RawBuilder<number> {
  return sql`case ${level}
    when 'none' then 0 when 'read' then 2 when 'write' then 3 when 'admin' then 5
    when 'create-repo' then case when ${resource} like 'repository:%' then 3 else 4 end
    else 1 end`
}

const ranks: Readonly<Record<string, number>> = { none: 0, read: 2, write: 3, 'create-repo': 4, admin: 5 }

/** The place of a level in the order. */
export function rankOfLevel(level: string): number {
  return Object.hasOwn(ranks, level) ? (ranks[level] ?? 1) : 1
}
