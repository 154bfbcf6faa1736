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
import { toFigure } from '../figures/figure.ts'
import type { Part } from '../figures/part.ts'
import { type ScalingPoint, toPoint } from '../figures/scaling.ts'
import { median, quantile } from '../statistics.ts'
import { measureIndex, measureQuestions, measureWhoCan } from './questions.ts'
import { World, type WorldOptions } from './world.ts'

const batchMax = 1_000
const connected = { users: 2_000, groups: 40, projects: 200 }

/** Asked for at each size on the way to a million grants. */
const sizes = [1_000, 10_000, 100_000, 1_000_000]

/** What the view does with the first full sync of a large workspace, on a PostgreSQL. */
export const part: Part = {
  figures: ['access_view.events_per_second', 'access_view.who_can_ms_p95_at_1m_grants'],
  async measure({ quick, say }) {
    const options = { ...connected, repositories: quick ? 500 : 50_000, grantsPerRepository: 20 }
    return withPostgres(async (where) => {
      await using database = await openDatabase(where, () => 'bench')
      const world = new World(options)
      const points: ScalingPoint[] = []
      const filled = await fill(database, world, {
        say,
        sizes,
        async atSize(size, grants) {
          await sql`analyze`.execute(database.db)
          const times = await measureWhoCan(database.db, world, Math.ceil(grants / options.grantsPerRepository))
          points.push(toPoint('access_view_who_can_ms_p95', { size, grants }, quantile(times, 0.95)))
          say(`who can, at ${grants} grants: 95th percentile ${quantile(times, 0.95).toFixed(1)} ms`)
        },
      })
      const times = await measureWhoCan(database.db, world, options.repositories)
      const grants = (options.repositories * options.grantsPerRepository).toLocaleString('en')
      const rate = (filled.events / filled.busyMs) * 1_000
      const figures = [
        toFigure(
          'access_view.events_per_second',
          rate,
          `${filled.events.toLocaleString('en')} events of a first full sync in batches of ${batchMax.toLocaleString('en')}, by the clock while a batch is applied, to a PostgreSQL with fsync and its defaults on the same machine.`,
        ),
        toFigure(
          'access_view.who_can_ms_p95_at_1m_grants',
          quantile(times, 0.95),
          `95th percentile of ${times.length} questions for the first 50 people of a repository, with their paths, about as many repositories, at ${grants} grants on them, on the same PostgreSQL after analyze; median ${median(times).toFixed(1)} ms.`,
        ),
      ]
      return { figures, points }
    })
  },
}

async function withPostgres<Result>(work: (where: DatabaseOptions) => Promise<Result>): Promise<Result> {
  const dir = join(tmpdir(), `clarity-bench-${process.pid}`)
  const postgres = await startPostgres({ dir })
  try {
    return await work({ kind: 'postgres', url: postgres.url })
  } finally {
    await postgres.process.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

async function measureAll(where: DatabaseOptions, options: WorldOptions): Promise<void> {
  const empty = residentMiB()
  const startedAt = performance.now()
  await using database = await openDatabase(where, () => 'bench')
  say(`${where.kind}: open after ${seconds(startedAt)} s; ${residentMiB() - empty} MiB more than before it, idle`)
  const world = new World(options)
  const { events, busyMs } = await fill(database, world, {
    say: (line) => say(`${line}, ${residentMiB() - empty} MiB more resident`),
  })
  await report(database, events, busyMs, (line) => say(`${line}, ${residentMiB() - empty} MiB more resident`))
  await sql`analyze`.execute(database.db)
  await reportSizes(database)
  await measureQuestions(database.db, world, options, say)
  await measureIndex(database.db, world, say)
}

interface Filling {
  readonly say: (line: string) => void
  /** Numbers of grants at which `atSize` is called, not counted as time of the view. */
  readonly sizes?: readonly number[]
  readonly atSize?: (size: number, grants: number) => Promise<void>
}

/** Applies all that the world tells; how many events, and how long that took. */
async function fill(database: Database, world: World, { say: tell, sizes: wanted = [], atSize }: Filling) {
  let [events, grants, busyMs] = [0, 0, 0]
  let batch: BatchEvent[] = []
  const left = [...wanted]
  const apply = async () => {
    const startedAt = performance.now()
    await applyBatch(database.db, batch)
    busyMs += performance.now() - startedAt
    events += batch.length
    grants += batch.filter(({ event }) => isRepositoryGrant(event)).length
    batch = []
    if (events % 200_000 === 0) await report(database, events, busyMs, tell)
    const size = left[0]
    if (size === undefined || grants < size) return
    left.shift()
    await atSize?.(size, grants)
  }
  for (const event of world.events()) {
    if (batch.push(event) === batchMax) await apply()
  }
  await apply()
  return { events, busyMs }
}

/** Before the repositories come memberships and what is held on projects. */
function isRepositoryGrant(event: BatchEvent['event']): boolean {
  return event?.name === 'service-user-entitlement.granted' && event.data.grant.entitlementId.startsWith('repository:')
}

async function report({ db }: Database, events: number, busyMs: number, tell: Filling['say']): Promise<void> {
  const rate = Math.round((events / busyMs) * 1_000)
  const { rows } = await sql<{ size: bigint }>`select pg_database_size(current_database()) as size`.execute(db)
  const sizeMiB = Math.round(Number(rows[0]?.size ?? 0n) / 1024 / 1024)
  tell(`${events} events: ${rate} events/s, ${sizeMiB} MiB of database`)
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

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      database: { type: 'string', default: 'embedded' },
      repositories: { type: 'string', default: '50000' },
      grants: { type: 'string', default: '20' },
      users: { type: 'string', default: '2000' },
    },
  })
  const options = {
    ...connected,
    users: Number(values.users),
    repositories: Number(values.repositories),
    grantsPerRepository: Number(values.grants),
  }
  if (values.database === 'embedded') await measureAll({ kind: 'embedded' }, options)
  else await withPostgres((where) => measureAll(where, options))
}
