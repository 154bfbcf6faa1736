import { Kafka, logLevel } from 'kafkajs'
import { type AccessEvent, type Envelope, parseRecord } from './event.ts'
import { SequenceTracker } from './sequence.ts'

export interface SubscriberOptions {
  readonly brokers: readonly string[]
  /** `<prefix>.changes`. */
  readonly topic: string
  /** Kafka's consumer group: members share the partitions, and a restart goes on where the group was. */
  readonly groupId: string
  readonly handlers: Handlers
  /**
   * Connection -> the last sequence that was dealt with, as you have kept it; empty at the very first start. With it gaps
   * are found across restarts too; without it the first event of each connection is taken as it comes.
   */
  readonly handled?: ReadonlyMap<string, bigint>
}

export interface Handlers {
  /** Each event once and in order per connection, as long as this process lives. */
  onEvent(event: AccessEvent): void | Promise<void>
  /** A type or version that this release does not know. */
  onUnknown?(envelope: Envelope, data: unknown): void | Promise<void>
  /** Events are missing: rebuild the connection's state. The event that showed it follows. */
  onGap?(gap: { connectionId: string; expected: bigint; found: bigint }): void | Promise<void>
  /** A record that breaks the contract. Without this handler it counts as a failing handler. */
  onInvalid?(reason: string, where: { partition: number; offset: string }): void | Promise<void>
  /**
   * Something failed: Kafka is away, or a handler of yours has rejected. When `goesOn`, it is tried again from the event
   * that failed; when not, the subscription has ended. Without this handler an end is an uncaught exception.
   */
  onFailure?(error: Error, goesOn: boolean): void
}

export interface Subscriber extends AsyncDisposable {
  /** Begins to read, from the beginning of the topic where the group has not read before. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Reads the change stream: parses, validates, drops repeats, reports gaps. */
export function createSubscriber({ brokers, topic, groupId, handlers, handled }: SubscriberOptions): Subscriber {
  const kafka = new Kafka({
    clientId: 'clarity-bitbucket-subscriber',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId })
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (handlers.onFailure) handlers.onFailure(error, restart)
    else if (!restart) throw error
  })
  const tracker = new SequenceTracker(handled)
  const stop = () => consumer.disconnect()

  return {
    async start() {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ partition, message }) => {
          const record = { value: message.value, ...(message.headers && { headers: message.headers }) }
          await handle(record, { partition, offset: message.offset }, tracker, handlers)
        },
      })
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function handle(
  record: Parameters<typeof parseRecord>[0],
  where: { partition: number; offset: string },
  tracker: SequenceTracker,
  handlers: Handlers,
): Promise<void> {
  const parsed = parseRecord(record)
  if (parsed.state === 'invalid') {
    if (handlers.onInvalid === undefined) throw new Error(`A record breaks the contract: ${parsed.reason}`)
    return handlers.onInvalid(parsed.reason, where)
  }
  const envelope = parsed.state === 'known' ? parsed.event : parsed.envelope
  const { connectionId } = envelope
  const check = tracker.check(envelope)
  if (check.state === 'repeat') return
  if (check.state === 'gap') await handlers.onGap?.({ connectionId, expected: check.expected, found: check.found })
  if (parsed.state === 'known') await handlers.onEvent(parsed.event)
  else await handlers.onUnknown?.(envelope, parsed.data)
  tracker.accept(envelope)
}
