import { randomUUID } from 'node:crypto'
import type { Clock } from '@clarity/shared/runtime/clock'
import { DependencyError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { KafkaAccess } from '@clarity/subscriber'
import type { Kysely } from 'kysely'
import { type AuditAsked, type AuditPage, auditLog } from './audit/audit-log.ts'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'
import { Feed, type FeedFigures } from './feed/feed.ts'
import { accessOfUser } from './questions/access-of-user.ts'
import { findConnection, type Whose } from './questions/at.ts'
import { changesBetween } from './questions/changes-between.ts'
import { createCounts } from './questions/counts.ts'
import { coverage, sequenceOf } from './questions/coverage.ts'
import { entitlement, entitlements } from './questions/entitlements.ts'
import { events } from './questions/events.ts'
import { grants } from './questions/grants.ts'
import { nestings } from './questions/nestings.ts'
import { resources } from './questions/resources.ts'
import { serviceUser, serviceUsers } from './questions/service-users.ts'
import { syncs } from './questions/syncs.ts'
import { explain, whoCan } from './questions/who-can.ts'
import type { Tables } from './tables.ts'
import { Waiters } from './waiters.ts'

export interface AccessViewOptions {
  readonly database: DatabaseOptions
  readonly kafka: KafkaAccess
  /** What the names of the topics begin with, such as `clarity.bitbucket`. */
  readonly topicPrefix: string
  readonly log: Logger
  readonly clock: Clock
  /** How long events can be read one by one; what held when stays. 30 unless said otherwise. */
  readonly eventsKeptDays?: number
  /** 365 unless said otherwise. */
  readonly auditKeptDays?: number
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

/** A question of the access of one connection: it waits for nothing, and is answered only when the view was live once. */
type Question<Asked, Answer> = (asked: Asked) => Promise<Answer>

const plainQuestions = {
  serviceUsers,
  serviceUser,
  entitlements,
  entitlement,
  grants,
  nestings,
  accessOfUser,
  whoCan,
  explain,
  resources,
  changesBetween,
  events,
  syncs,
  coverage,
  sequenceOf,
}

function createQuestions() {
  return { ...plainQuestions, counts: createCounts() }
}

type All = ReturnType<typeof createQuestions>
type Questions = {
  readonly [Name in keyof All]: Question<Parameters<All[Name]>[1], Awaited<ReturnType<All[Name]>>>
}

/**
 * Who has which access, why, since when, and who had it when: built from the change stream alone, in a database that can be thrown
 * away. Every question names tenant and connection, and gets nothing of another tenant.
 */
export interface AccessView extends Questions, AsyncDisposable {
  /** Feeds the view until the signal aborts. Rejects on a defect, and when its database has ended: then it is to be opened anew. */
  run(signal: AbortSignal): Promise<void>
  /** For `/readyz`: rejects until the view was live once, and when its database does not answer. */
  check(): Promise<void>
  /** Whether it has caught up, and figures for metrics; `waiting` is how many callers wait for an event. */
  figures(): FeedFigures & { readonly waiting: number }
  /** Whether an event is included, at the latest after `timeoutMs`. @throws InputError, or the signal's reason */
  waitFor(
    whose: Whose,
    sequence: number,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean>
  /** What people did in a tenant, the latest first. */
  auditLog(asked: AuditAsked): Promise<AuditPage>
}

/**
 * Opens the database of the view and brings its schema to this release; nothing is read from Kafka before `run`.
 * @throws ConfigError when the database is of a newer release
 * @throws DependencyError when it does not answer
 */
export async function openAccessView(options: AccessViewOptions): Promise<AccessView> {
  const { clock, log, kafka, topicPrefix, eventsKeptDays = 30, auditKeptDays = 365, random = Math.random } = options
  const database = await openDatabase(options.database, randomUUID)
  const { db } = database
  const waiters = new Waiters({ clock, readHandled: (ids) => readHandled(db, ids) })
  const onApplied = (handled: ReadonlyMap<string, bigint>) => waiters.tell(handled)
  const shared = { clock, log, random, kafka, topicPrefix, eventsKeptDays, auditKeptDays }
  const feed = new Feed({ ...shared, database, onApplied })
  return {
    ...ask(db, feed),
    run: async (signal) => {
      await feed.run(AbortSignal.any([signal, database.lost]))
      if (!signal.aborted) database.lost.throwIfAborted()
    },
    figures: () => ({ ...feed.figures(), waiting: waiters.size }),
    check: () => check(database, feed),
    waitFor: async (whose, sequence, { timeoutMs, signal }) => {
      insistOnLive(feed)
      await findConnection(db, whose)
      return waiters.waitFor(whose.connectionId, BigInt(sequence), { timeoutMs, signal })
    },
    auditLog: (asked) => auditLog(db, asked),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

/** The questions, of this database, once it is live. */
function ask(db: Kysely<Tables>, feed: Feed): Questions {
  const asked = Object.entries(createQuestions()).map(([name, question]) => [
    name,
    async (input: never) => {
      insistOnLive(feed)
      return question(db, input)
    },
  ])
  // Each name has the question of that name, with the database given.
  return Object.fromEntries(asked) as Questions
}

async function check(database: Database, feed: Feed): Promise<void> {
  insistOnLive(feed)
  await database.check()
}

/** An answer of a view that is catching up would be of a time that nobody asked about. */
function insistOnLive(feed: Feed): void {
  if (feed.figures().state === 'live') return
  throw new DependencyError('access-view', 'The access view is catching up with the stream', {
    remedy: 'Wait a little and ask again: `figures` says how many records are left.',
  })
}

async function readHandled(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await db.selectFrom('connections').select(['id', 'handled_sequence']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, handled_sequence }) => [id, handled_sequence]))
}
