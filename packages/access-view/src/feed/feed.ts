/**
 * Keeps the database up to date with the stream:
 *
 *   bootstrap (state topic, once per database) -> follow (changes from their beginning; group of this database) -> live
 *                                                                        beside it, when live: rebuild, history, trim
 *
 * It is live when it has come to where the changes ended when it first looked: then it has all that was told before its start.
 * The group belongs to the database, which has a random id: one that is made anew reads from the beginning, and several processes
 * at one database share the partitions. Whatever dies leaves whole transactions, and offsets that are not behind them.
 */
import { partitionOf } from '@clarity/shared/contract/partition'
import type { Clock } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import { type BatchEvent, createClient, createSubscriber, type KafkaAccess, topicsOf } from '@clarity/subscriber'
import type { Admin, Kafka } from 'kafkajs'
import { followAudit } from '../audit/follow-audit.ts'
import type { Database } from '../database.ts'
import { applyBatch } from './apply.ts'
import { bootstrapView, stateTopicReader } from './bootstrap.ts'
import { fillHistory } from './fill-history.ts'
import { keepTrying, type Patience } from './keep-trying.ts'
import { type Ends, readPosition } from './position.ts'
import { connectionsToRebuild, rebuildConnection } from './rebuild.ts'
import { trimView } from './trim.ts'

export interface FeedOptions extends Patience {
  readonly database: Database
  readonly kafka: KafkaAccess
  readonly topicPrefix: string
  readonly clock: Clock
  readonly log: Logger
  readonly eventsKeptDays: number
  readonly auditKeptDays: number
  /** Connection -> the last event that is in the rows now. */
  readonly onApplied: (handled: ReadonlyMap<string, bigint>) => void
}

export interface FeedFigures {
  /** `live` once it has come to where the changes ended when it first looked. */
  readonly state: 'catching-up' | 'live'
  /** Events that this process has taken into the database. */
  readonly eventsApplied: number
  /** Records that are in the topic of the changes and not in the database; null: not looked at yet. */
  readonly lag: number | null
}

const lookMs = { catchingUp: 500, live: 5_000 } as const
const upkeepMs = 1_000
const trimMs = 60 * 60 * 1_000

export class Feed {
  readonly #options: FeedOptions
  readonly #kafka: Kafka
  readonly #groupId: string
  readonly #topics: { readonly changes: string; readonly state: string }
  readonly #defect = Promise.withResolvers<never>()
  #state: FeedFigures['state'] = 'catching-up'
  #eventsApplied = 0
  #lag: number | null = null

  constructor(options: FeedOptions) {
    this.#options = options
    this.#kafka = createClient(options.kafka)
    this.#groupId = `clarity-access-view-${options.database.viewId}`
    this.#topics = topicsOf(options.topicPrefix)
    // Whoever runs the feed meets it.
    this.#defect.promise.catch(() => undefined)
  }

  figures(): FeedFigures {
    return { state: this.#state, eventsApplied: this.#eventsApplied, lag: this.#lag }
  }

  /** Feeds the database until the signal aborts, and resolves then. Rejects on a defect: what it needs being away is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    const own = new AbortController()
    const both = AbortSignal.any([signal, own.signal])
    const admin = this.#kafka.admin()
    try {
      await this.#run(admin, both, () => own.abort())
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      await this.#leave(admin)
    }
  }

  async #run(admin: Admin, signal: AbortSignal, abort: () => void): Promise<void> {
    await this.#patiently('connect', signal, () => admin.connect())
    await this.#patiently('bootstrap', signal, () => this.#bootstrap(admin, signal))
    const ends = await this.#patiently('ends', signal, async () => (await this.#look(admin)).ends)
    await using _subscriber = await this.#patiently('follow', signal, () => this.#follow(signal))
    const { clock, log, random, database, kafka, topicPrefix } = this.#options
    const audit = {
      clock,
      log,
      random,
      db: database.db,
      kafka: createClient(kafka),
      groupId: this.#groupId,
      topicPrefix,
    }
    const work = [this.#watch(admin, ends, signal), this.#upkeep(admin, signal), followAudit(audit, signal)]
    try {
      await Promise.race([this.#defect.promise, ...work])
    } finally {
      // What is under way ends first: the subscription waits for the batch that it is in.
      abort()
      await Promise.allSettled(work)
    }
  }

  async #bootstrap(admin: Admin, signal: AbortSignal): Promise<void> {
    const { database, log } = this.#options
    const reader = this.#reader(admin, signal)
    const records = await bootstrapView(database.db, reader)
    if (records !== null) log.info({ event: 'view.bootstrapped', records }, 'the access view has what is there now')
  }

  #reader(admin: Admin, signal: AbortSignal, partition?: number) {
    return stateTopicReader({
      kafka: this.#kafka,
      admin,
      topic: this.#topics.state,
      groupPrefix: `${this.#groupId}.bootstrap`,
      signal,
      ...(partition !== undefined && { partition }),
    })
  }

  async #follow(signal: AbortSignal) {
    const { kafka, topicPrefix, log } = this.#options
    const subscriber = createSubscriber({
      ...kafka,
      topicPrefix,
      groupId: this.#groupId,
      handlers: {
        onBatch: (events) => this.#take(events, signal),
        // Its place in the sequence stays empty, and so it is found as a gap.
        onInvalid: (reason, where) =>
          log.error({ event: 'view.invalid', reason, ...where }, 'an event breaks the contract'),
        onFailure: (error, goesOn) => {
          log.warn(
            { event: 'view.subscription', goesOn, err: error },
            'the subscription of the access view was interrupted',
          )
          if (!goesOn) this.#defect.reject(error)
        },
      },
    })
    try {
      await subscriber.start()
      return subscriber
    } catch (error) {
      await subscriber.stop()
      throw error
    }
  }

  async #take(events: readonly BatchEvent[], signal: AbortSignal): Promise<void> {
    const { database, log, onApplied } = this.#options
    try {
      const applied = await this.#patiently('apply', signal, () => applyBatch(database.db, events))
      this.#eventsApplied += applied.events
      for (const { connectionId, expected, found } of applied.gaps) {
        const numbers = { expected: expected.toString(), found: found.toString() }
        log.error({ event: 'view.gap', connectionId, ...numbers }, 'events are missing; the connection is made anew')
      }
      onApplied(applied.handled)
    } catch (error) {
      if (!signal.aborted) this.#defect.reject(error)
      throw error
    }
  }

  async #watch(admin: Admin, ends: Ends, signal: AbortSignal): Promise<void> {
    for (;;) {
      const position = await this.#patiently('look', signal, () => this.#look(admin))
      this.#lag = Number(position.lag)
      if (this.#state === 'catching-up' && position.reached(ends)) {
        this.#state = 'live'
        this.#options.log.info({ event: 'view.live', eventsApplied: this.#eventsApplied }, 'the access view is live')
      }
      await this.#options.clock.sleep(this.#state === 'live' ? lookMs.live : lookMs.catchingUp, signal)
    }
  }

  #look(admin: Admin) {
    return readPosition(admin, this.#topics.changes, this.#groupId)
  }

  /** What has time until the present is there. */
  async #upkeep(admin: Admin, signal: AbortSignal): Promise<void> {
    const { database, clock, eventsKeptDays, auditKeptDays } = this.#options
    let trimmedAtMs = Number.NEGATIVE_INFINITY
    for (;;) {
      await clock.sleep(upkeepMs, signal)
      if (this.#state !== 'live') continue
      await this.#patiently('rebuild', signal, () => this.#rebuild(admin, signal))
      while (await this.#patiently('history', signal, () => fillHistory(database.db))) signal.throwIfAborted()
      if (clock.now() - trimmedAtMs < trimMs) continue
      trimmedAtMs = clock.now()
      const options = { nowMs: trimmedAtMs, eventsKeptDays, auditKeptDays }
      await this.#patiently('trim', signal, () => trimView(database.db, options))
    }
  }

  async #rebuild(admin: Admin, signal: AbortSignal): Promise<void> {
    const { database, log } = this.#options
    for (const connectionId of await connectionsToRebuild(database.db)) {
      const offsets = await admin.fetchTopicOffsets(this.#topics.state)
      const reader = this.#reader(admin, signal, partitionOf(connectionId, offsets.length))
      const known = await rebuildConnection(database.db, connectionId, reader)
      if (known) log.warn({ event: 'view.rebuilt', connectionId }, 'a connection was made anew from the state topic')
      else log.error({ event: 'view.incomplete', connectionId }, 'the state topic lacks a connection with a gap')
    }
  }

  /** A group of a database that goes with this process is of no further use. */
  async #leave(admin: Admin): Promise<void> {
    if (this.#options.database.inMemory) {
      const groups = [this.#groupId, `${this.#groupId}.audit`]
      await admin.deleteGroups(groups).catch(() => undefined)
    }
    await admin.disconnect()
  }

  #patiently<Result>(what: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return keepTrying(this.#options, what, signal, work)
  }
}
