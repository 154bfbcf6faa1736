import type { EventName } from '@clarity/shared/contract/events'
import { type Consumer, type ConsumerRunConfig, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { bootstrap } from './bootstrap.ts'
import { type AccessEvent, type Envelope, parseRecord } from './event.ts'
import { type Gap, SequenceTracker } from './sequence.ts'
import type { StateRecord } from './state-record.ts'
import { type BatchEvent, takeBatch } from './take-batch.ts'

export interface SubscriberOptions extends KafkaAccess {
  /** What the names of the topics begin with, such as `clarity.bitbucket`. */
  readonly topicPrefix: string
  /** Kafka's consumer group: members share the partitions, and a restart goes on where the group was. */
  readonly groupId: string
  readonly handlers: Handlers
  /**
   * Connection -> the last sequence that was dealt with, as you have kept it; empty at the very first start. With it gaps
   * are found across restarts too; without it the first event of each connection is taken as it comes.
   */
  readonly handled?: ReadonlyMap<string, bigint>
}

/** How Kafka is reached. */
export type KafkaAccess = Pick<KafkaConfig, 'ssl' | 'sasl'> & { readonly brokers: readonly string[] }

export type EventOf<Name extends EventName> = Extract<AccessEvent, { readonly name: Name }>

export interface Handlers {
  /** Each event once and in order per connection, as long as this process lives. */
  onEvent?(event: AccessEvent): void | Promise<void>
  /** The same, by name: `{ 'service-user-entitlement.revoked': (event) => ... }`. */
  readonly on?: { readonly [Name in EventName]?: (event: EventOf<Name>) => void | Promise<void> }
  /**
   * What is there now, given before the first event where the group has never read: with it nobody needs the history. What
   * is repeated when this is interrupted, is the same. Without it the group begins with the oldest event there is.
   */
  onState?(record: StateRecord): void | Promise<void>
  /** All that is there now was given; events after these numbers follow. */
  onBootstrapped?(handled: ReadonlyMap<string, bigint>): void | Promise<void>
  /**
   * What was fetched of one partition, in order and without repeats, at most 1,000 events: for whoever stores many at once. When it
   * is given, `onEvent`, `on` and `onUnknown` are not. How far the group is, is noted after it resolves; what it rejects comes again.
   */
  onBatch?(events: readonly BatchEvent[]): Promise<void>
  /** A type or version that this release does not know. */
  onUnknown?(envelope: Envelope, data: unknown): void | Promise<void>
  /** Events are missing: rebuild the connection's state. The event that showed it follows. */
  onGap?(gap: Gap): void | Promise<void>
  /** A record that breaks the contract. Without this handler it counts as a failing handler. */
  onInvalid?(reason: string, where: { partition: number; offset: string }): void | Promise<void>
  /**
   * Something failed: Kafka is away, or a handler of yours has rejected. When `goesOn`, it is tried again from the event
   * that failed; when not, the subscription has ended. Without this handler an end is an uncaught exception.
   */
  onFailure?(error: Error, goesOn: boolean): void
}

export interface Subscriber extends AsyncDisposable {
  /** Begins to read. Resolves when what is there now was given, where `onState` asks for it. */
  start(): Promise<void>
  stop(): Promise<void>
}

export function topicsOf(topicPrefix: string) {
  return { changes: `${topicPrefix}.changes`, state: `${topicPrefix}.state`, audit: `${topicPrefix}.audit` }
}

/** A Kafka client of kafkajs that says nothing by itself: who uses it tells what failed. */
export function createClient({ brokers, ssl, sasl }: KafkaAccess): Kafka {
  return new Kafka({
    clientId: 'clarity-bitbucket-subscriber',
    brokers: [...brokers],
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
    logLevel: logLevel.NOTHING,
  })
}

/** Reads what is committed in the change stream: parses, validates, drops repeats, reports gaps. */
export function createSubscriber(options: SubscriberOptions): Subscriber {
  const { topicPrefix, groupId, handlers } = options
  const kafka = createClient(options)
  const topics = topicsOf(topicPrefix)
  // Kafka keeps apart what was begun and what was committed; only the latter was ever told.
  const consumer = kafka.consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 500 })
  reportCrashes(consumer, handlers)
  const stop = () => consumer.disconnect()
  return {
    async start() {
      const handled = (await bootstrapOnce(kafka, options)) ?? options.handled
      const tracker = new SequenceTracker(handled)
      await consumer.connect()
      await consumer.subscribe({ topic: topics.changes, fromBeginning: true })
      await consumer.run(toRun(handlers, tracker))
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function toRun(handlers: Handlers, tracker: SequenceTracker): ConsumerRunConfig {
  if (!takesBatches(handlers)) return { eachMessage: (payload) => take(payload, tracker, handlers) }
  return { eachBatchAutoResolve: false, eachBatch: (payload) => takeBatch(payload, tracker, handlers) }
}

function takesBatches(handlers: Handlers): handlers is Handlers & Required<Pick<Handlers, 'onBatch'>> {
  return handlers.onBatch !== undefined
}

/** Gives what is there now, when it is asked for and the group has never read. What it includes, or null when it was not done. */
async function bootstrapOnce(
  kafka: Kafka,
  { topicPrefix, groupId, handlers }: SubscriberOptions,
): Promise<ReadonlyMap<string, bigint> | null> {
  const { onState } = handlers
  if (onState === undefined) return null
  const topics = topicsOf(topicPrefix)
  const admin = kafka.admin()
  await admin.connect()
  try {
    const [known] = await admin.fetchOffsets({ groupId, topics: [topics.changes] })
    if (known?.partitions.some(({ offset }) => offset !== '-1')) return null
    const take = async (record: StateRecord) => onState.call(handlers, record)
    const { handled, offsets } = await bootstrap({ kafka, admin, topics, groupId, onState: take })
    await handlers.onBootstrapped?.(handled)
    await admin.setOffsets({ groupId, topic: topics.changes, partitions: [...offsets] })
    return handled
  } finally {
    await admin.disconnect()
  }
}

export function reportCrashes(consumer: Consumer, handlers: Pick<Handlers, 'onFailure'>): void {
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (handlers.onFailure) handlers.onFailure(error, restart)
    else if (!restart) throw error
  })
}

type Payload = Parameters<NonNullable<ConsumerRunConfig['eachMessage']>>[0]

async function take({ partition, message }: Payload, tracker: SequenceTracker, handlers: Handlers): Promise<void> {
  const parsed = parseRecord({ value: message.value, ...(message.headers && { headers: message.headers }) })
  if (parsed.state === 'invalid') {
    if (handlers.onInvalid === undefined) throw new Error(`A record breaks the contract: ${parsed.reason}`)
    return handlers.onInvalid(parsed.reason, { partition, offset: message.offset })
  }
  const envelope = parsed.state === 'known' ? parsed.event : parsed.envelope
  const { connectionId } = envelope
  const check = tracker.check(envelope)
  if (check.state === 'repeat') return
  if (check.state === 'gap') await handlers.onGap?.({ connectionId, expected: check.expected, found: check.found })
  if (parsed.state === 'known') await handle(parsed.event, handlers)
  else await handlers.onUnknown?.(envelope, parsed.data)
  tracker.accept(envelope)
}

async function handle(event: AccessEvent, handlers: Handlers): Promise<void> {
  await handlers.onEvent?.(event)
  await byName(handlers.on ?? {}, event)
}

function byName<Name extends EventName>(
  on: { readonly [Each in Name]?: (event: EventOf<Each>) => void | Promise<void> },
  event: EventOf<Name>,
): void | Promise<void> {
  // The handler under an event's name takes events of that name.
  const handler = on[event.name as Name] as ((event: EventOf<Name>) => void | Promise<void>) | undefined
  return handler?.(event)
}
