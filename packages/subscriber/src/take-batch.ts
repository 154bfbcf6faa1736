import type { EachBatchPayload } from 'kafkajs'
import { type AccessEvent, type Envelope, parseRecord } from './event.ts'
import type { Gap, SequenceTracker } from './sequence.ts'

/** An event of a batch. */
export interface BatchEvent {
  readonly envelope: Envelope
  /** Null for a type or version that this release does not know. */
  readonly event: AccessEvent | null
  /** The data as it lies in the topic: with fields that this release does not know. */
  readonly data: unknown
}

interface BatchHandlers {
  onBatch(events: readonly BatchEvent[]): Promise<void>
  onGap?(gap: Gap): void | Promise<void>
  onInvalid?(reason: string, where: { partition: number; offset: string }): void | Promise<void>
}

/** At most so many are given at once: the handler keeps them in memory, and the group hears nothing of us meanwhile. */
const eventsMax = 1_000

type Message = EachBatchPayload['batch']['messages'][number]

/**
 * Gives a fetched batch to `onBatch`, in parts. An event counts as seen, and its offset as done, only when the part was dealt
 * with: what was rejected is fetched again, and is no repeat then.
 */
export async function takeBatch(
  payload: EachBatchPayload,
  tracker: SequenceTracker,
  handlers: BatchHandlers,
): Promise<void> {
  const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale } = payload
  for (let begin = 0; begin < batch.messages.length; begin += eventsMax) {
    if (!isRunning() || isStale()) return
    const messages = batch.messages.slice(begin, begin + eventsMax)
    const events = await checkAll(messages, batch.partition, tracker.fork(), handlers)
    if (events.length > 0) await handlers.onBatch(events)
    for (const { envelope } of events) tracker.accept(envelope)
    const last = messages.at(-1)
    if (last !== undefined) resolveOffset(last.offset)
    await heartbeat()
    await commitOffsetsIfNecessary()
  }
}

/** The messages as events, without those that were seen before; tells of gaps and of what breaks the contract. */
async function checkAll(
  messages: readonly Message[],
  partition: number,
  tracker: SequenceTracker,
  handlers: BatchHandlers,
): Promise<BatchEvent[]> {
  const events: BatchEvent[] = []
  for (const message of messages) {
    const parsed = parseRecord({ value: message.value, ...(message.headers && { headers: message.headers }) })
    if (parsed.state === 'invalid') {
      if (handlers.onInvalid === undefined) throw new Error(`A record breaks the contract: ${parsed.reason}`)
      await handlers.onInvalid(parsed.reason, { partition, offset: message.offset })
      continue
    }
    const envelope = parsed.state === 'known' ? parsed.event : parsed.envelope
    const check = tracker.check(envelope)
    if (check.state === 'repeat') continue
    const { connectionId } = envelope
    if (check.state === 'gap') await handlers.onGap?.({ connectionId, expected: check.expected, found: check.found })
    tracker.accept(envelope)
    const event = parsed.state === 'known' ? parsed.event : null
    events.push({ envelope, event, data: parsed.state === 'known' ? parsed.raw : parsed.data })
  }
  return events
}
