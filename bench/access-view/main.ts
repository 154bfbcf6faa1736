// Figures of the access view: events applied a second, answer times at a million grants, resident memory. One run for each database:
//   pnpm --filter @clarity/bench access-view -- --database embedded|postgres

import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Database, type DatabaseOptions, openDatabase } from '@clarity/access-view/database'
import { applyBatch } from '@clarity/access-view/feed/apply'
import { startPostgres } from '@clarity/launcher/postgres'
import type { BatchEvent } from '@clarity/subscriber'
import { sql } from 'kysely'
import { measureIndex, measureQuestions } from './questions.ts'
import { World } from './world.ts'

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'embedded' },
    repositories: { type: 'string', default: '50000' },
    grants: { type: 'string', default: '20' },
    users: { type: 'string', default: '2000' },
  },
})
const options = {
  users: Number(values.users),
  groups: 40,
  projects: 200,
  repositories: Number(values.repositories),
  grantsPerRepository: Number(values.grants),
}
const batchMax = 1_000

if (values.database === 'embedded') await measure({ kind: 'embedded' })
else {
  const dir = join(tmpdir(), `clarity-bench-${process.pid}`)
  const postgres = await startPostgres({ dir })
  try {
    await measure({ kind: 'postgres', url: postgres.url })
  } finally {
    await postgres.process.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

async function measure(where: DatabaseOptions): Promise<void> {
  const empty = residentMiB()
  const startedAt = performance.now()
  await using database = await openDatabase(where, () => 'bench')
  say(`${where.kind}: open after ${seconds(startedAt)} s; ${residentMiB() - empty} MiB more than before it, idle`)
  const world = new World(options)
  await fill(database, world, empty)
  await sql`analyze`.execute(database.db)
  await reportSizes(database)
  await measureQuestions(database.db, world, options, say)
  await measureIndex(database.db, world, say)
}

async function fill(database: Database, world: World, emptyMiB: number): Promise<void> {
  let applied = 0
  let busyMs = 0
  let batch: BatchEvent[] = []
  const apply = async () => {
    const startedAt = performance.now()
    await applyBatch(database.db, batch)
    busyMs += performance.now() - startedAt
    applied += batch.length
    batch = []
    if (applied % 200_000 === 0) await report(database, applied, busyMs, emptyMiB)
  }
  for (const event of world.events()) {
    if (batch.push(event) === batchMax) await apply()
  }
  await apply()
  await report(database, applied, busyMs, emptyMiB)
}

async function report({ db }: Database, applied: number, busyMs: number, emptyMiB: number): Promise<void> {
  const rate = Math.round((applied / busyMs) * 1_000)
  const { rows } = await sql<{ size: bigint }>`select pg_database_size(current_database()) as size`.execute(db)
  const sizeMiB = Math.round(Number(rows[0]?.size ?? 0n) / 1024 / 1024)
  say(`${applied} events: ${rate} events/s, ${sizeMiB} MiB of database, ${residentMiB() - emptyMiB} MiB more resident`)
}

async function reportSizes({ db }: Database): Promise<void> {
  const { rows } = await sql<{ name: string; rows: number; own: number; indexes: number }>`
    select relname as name, reltuples::int as rows, (pg_table_size(oid) / 1048576)::int as own,
      (pg_indexes_size(oid) / 1048576)::int as indexes
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 0 order by own desc`.execute(
    db,
  )
  say('\n| table | rows | MiB | indexes, MiB |\n|---|---|---|---|')
  for (const { name, rows: count, own, indexes } of rows) say(`| ${name} | ${count} | ${own} | ${indexes} |`)
}

function residentMiB(): number {
  return Math.round(process.memoryUsage().rss / 1024 / 1024)
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
