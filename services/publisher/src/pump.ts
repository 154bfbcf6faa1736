import type { ConnectionId } from '@clarity/shared/contract/ids'
import { DependencyError } from '@clarity/shared/runtime/errors'
import { noTracing, type SpanOptions, type Tracing } from '@clarity/shared/runtime/tracing'
import {
  type AuditEntry,
  digestOfEntries,
  type Outbox,
  type OutboxEntry,
  type OutboxPage,
  type Placed,
  type ReadableEntry,
  type UnreadableEntry,
} from '@clarity/shared/store/outbox'
import { toAuditRecord } from './audit-record.ts'
import { type EntryRecords, type KafkaRecord, toRecords, toWatermark } from './record.ts'
import {
  type BatchMark,
  type Published,
  RecordsRefusedError,
  type Send,
  type ShardStream,
  type StreamNames,
} from './shard-stream.ts'
import { type ConnectionOwner, type Poison, placeOf, toDeadLetter, toWithheld } from './withheld.ts'

export interface PumpOptions {
  readonly outbox: Outbox
  readonly stream: Pick<ShardStream, 'isOpen' | 'peek' | 'takeOver' | 'publish'> & AsyncDisposable
  readonly shard: number
  readonly names: StreamNames
  /** Of the topics of changes and of state. */
  readonly partitions: number
  /** Whose a connection is; null when it is not there any more. */
  readonly findOwner: (connectionId: ConnectionId) => Promise<ConnectionOwner | null>
  /** Brings back what Redis has lost of the shard, given what Kafka has. Rejects as long as it could not. */
  readonly restore: (shard: number, published: bigint) => Promise<void>
  readonly onWithheld: (poison: Poison) => void
  /** As ISO 8601. */
  readonly now: () => string
  /** A span for each batch; none if not given. */
  readonly tracing?: Tracing
}

/** Bounds of a batch: entries, and characters of what is stored of them. */
export const batchEntriesMax = 500
export const batchBytesMax = 512 * 1024

/**
 * Moves one shard's outbox to Kafka, batch after batch, in order and exactly once:
 *
 *   (take over: what is published?) -> read the entries after that -> publish them -> trim them
 *
 * Whatever is interrupted: what is published, Kafka knows, and entries that it has already are trimmed and not sent. A batch is
 * begun only after the one before it is committed and trimmed, so the order of a connection holds. While a batch is under way the
 * page after it is read; never more than these two are in memory.
 *
 * Redis and Kafka must agree on how far the shard is, at the take-over and with every page that is read. Where Redis knows less,
 * it has lost something that was told, and its next numbers would be taken for old ones: the shard is restored first.
 */
export class Pump implements AsyncDisposable {
  readonly #options: PumpOptions
  /** The number of the last entry that is in Kafka, and the same as Redis knows it. */
  #published = 0n
  #known: bigint | null = null
  /** The last entry that is in Kafka and not trimmed yet. */
  #untrimmed: Placed | null = null
  /** What comes after the batch that is under way. */
  #ahead: ReadAhead | null = null
  /** Fewer while Kafka refuses what is in a batch. */
  #entriesMax = batchEntriesMax
  /** The entry that Kafka has refused, alone in its batch, and how often: each time less of it is sent. */
  #refused: { readonly number: bigint; readonly times: number; readonly detail: string } | null = null
  /** What Redis knew when the shard was last looked at without a connection; undefined: it was not yet. */
  #idle: bigint | null | undefined

  constructor(options: PumpOptions) {
    this.#options = options
  }

  /** Publishes one batch of the shard; answers how many entries it was, 0 when nothing waits. */
  async pumpOnce(): Promise<number> {
    for (;;) {
      try {
        return await this.#pumpOnce()
      } catch (error) {
        // Less of it next time, at once: others wait behind it.
        if (!(error instanceof RecordsRefusedError) || (this.#refused?.times ?? 0) > refusalsMax) throw error
      }
    }
  }

  async #pumpOnce(): Promise<number> {
    const { stream } = this.#options
    if (!stream.isOpen) {
      if (await this.#isIdle()) return 0
      await this.#takeOver()
    }
    // What could not be trimmed before: Redis may be one batch behind, not two.
    await this.#trim()
    const { page, known, isFull } = await this.#readPage()
    if (page.published !== known) throw await this.#letGo()
    const entries = this.#takeBatch(page.entries)
    const last = entries.at(-1)
    if (last !== undefined) {
      if (isFull || entries.length < page.entries.length) this.#readAhead(last.number)
      await this.#publish(entries, { after: this.#published, last: last.number, digest: digestOfEntries(entries) })
      this.#published = last.number
      this.#untrimmed = last
    }
    await this.#trim()
    return entries.length
  }

  /** The entries that come next, which may have been read while the batch before them was under way. */
  async #readPage(): Promise<{ page: OutboxPage; known: bigint | null; isFull: boolean }> {
    const ahead = this.#ahead?.after === this.#published ? this.#ahead : this.#ask(this.#published)
    this.#ahead = null
    const page = await ahead.page
    return { page, known: ahead.known, isFull: page.entries.length >= ahead.count }
  }

  #readAhead(after: bigint): void {
    this.#ahead = this.#ask(after)
    // Whoever takes the page is told; nobody may.
    this.#ahead.page.catch(() => undefined)
  }

  #ask(after: bigint): ReadAhead {
    const { outbox, shard } = this.#options
    const count = this.#entriesMax
    return { after, known: this.#known, count, page: outbox.read(shard, count, after) }
  }

  /** A shard in which nothing happens needs no connection, as long as Redis knows all that Kafka has. */
  async #isIdle(): Promise<boolean> {
    const { outbox, stream, shard } = this.#options
    const { published } = await outbox.position(shard)
    if ((await outbox.size(shard)) > 0) return false
    if (published === this.#idle) return true
    if ((published ?? 0n) < (await stream.peek()).last) return false
    this.#idle = published
    return true
  }

  /** Learns how far the shard is. A shard that was not taken over to the end is not ours. */
  async #takeOver(): Promise<void> {
    const { stream } = this.#options
    // What was seen of the shard while it was idle is of the past now.
    this.#idle = undefined
    this.#ahead = null
    this.#untrimmed = null
    const published = await stream.takeOver()
    try {
      await this.#findPlace(published)
    } catch (error) {
      await stream[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Where to go on; the shard is restored first where Redis has lost something, and is to be taken over anew then. */
  async #findPlace(published: Published): Promise<void> {
    const { outbox, shard, restore } = this.#options
    const position = await outbox.position(shard)
    if (!(await this.#agrees(published, position))) {
      await restore(shard, published.last).catch((cause: unknown) => {
        throw cause instanceof DependencyError ? cause : notRestored(shard, cause)
      })
      throw restored(shard)
    }
    const known = position.published ?? 0n
    this.#published = published.last > known ? published.last : known
    this.#known = position.published
  }

  /** Whether Redis has all that Kafka has: it knows of the last batch, or of the one before, and has that very batch still. */
  async #agrees({ last, batch }: Published, { published, last: appended }: Awaited<ReturnType<Outbox['position']>>) {
    const known = published ?? 0n
    if (appended < last || appended < known) return false
    // Where Kafka knows less, it has forgotten: the offsets of a group in which nothing happens go after a week.
    if (known >= last) return true
    if (batch === null || known !== batch.after) return false
    const { entries } = await this.#options.outbox.read(this.#options.shard, Number(last - known), known)
    this.#untrimmed = entries.at(-1) ?? null
    return digestOfEntries(entries) === batch.digest
  }

  async #trim(): Promise<void> {
    const { outbox, shard } = this.#options
    if (this.#untrimmed === null) return
    if (!(await outbox.trim(shard, this.#known, this.#untrimmed))) throw await this.#letGo()
    this.#known = this.#untrimmed.number
    this.#untrimmed = null
  }

  /** Redis is not as we left it: another publisher was here, or Redis has lost something. The next take-over finds out. */
  async #letGo(): Promise<DependencyError> {
    const { stream, shard } = this.#options
    await stream[Symbol.asyncDispose]()
    return new DependencyError('redis', 'Redis is not as this publisher left it', {
      remedy: 'Nothing to do: the shard is taken over anew, and restored where Redis has lost something.',
      context: { shard },
    })
  }

  /** As many entries as make a batch; what cannot be told as it is goes alone. */
  #takeBatch(entries: readonly WaitingEntry[]): readonly WaitingEntry[] {
    let bytes = 0
    const end = entries.findIndex((entry, index) => {
      bytes += entry.text.length
      return index > 0 && (bytes > batchBytesMax || this.#isPoison(entry))
    })
    const first = entries[0]
    if (first !== undefined && this.#isPoison(first)) return [first]
    return end === -1 ? entries : entries.slice(0, end)
  }

  #isPoison(entry: WaitingEntry): boolean {
    return !isReadable(entry) || entry.number === this.#refused?.number
  }

  async #publish(entries: readonly WaitingEntry[], mark: BatchMark): Promise<void> {
    const { shard, names, tracing = noTracing } = this.#options
    try {
      const span = spanOf(entries.filter(isReadable), { shard, topic: names.changes })
      await tracing.withSpan(`publish ${names.changes}`, span, () => this.#publishAll(entries, mark))
    } catch (error) {
      this.#ahead = null
      if (error instanceof RecordsRefusedError) this.#narrow(entries, error)
      throw error
    }
    this.#refused = null
    this.#entriesMax = Math.min(batchEntriesMax, this.#entriesMax * 2)
  }

  async #publishAll(entries: readonly WaitingEntry[], mark: BatchMark): Promise<void> {
    const { stream, onWithheld } = this.#options
    const [first] = entries
    if (first === undefined || !this.#isPoison(first)) {
      return stream.publish(mark, (send) => this.#send(entries.filter(isReadable), send))
    }
    const poison = toPoison(first, this.#refused?.detail ?? '')
    await stream.publish(mark, (send) => this.#withhold(poison, send))
    onWithheld(poison)
  }

  /** Kafka refuses something of the batch: half of it next time, until the one that it is stands alone. */
  #narrow(entries: readonly WaitingEntry[], error: RecordsRefusedError): void {
    const [only] = entries
    this.#entriesMax = Math.max(1, Math.floor(entries.length / 2))
    if (only === undefined || entries.length > 1) return
    const detail = error.cause instanceof Error ? error.cause.message : error.message
    this.#refused = { number: only.number, times: (this.#refused?.times ?? 0) + 1, detail }
  }

  async #send(entries: readonly ReadableEntry[], send: Send): Promise<void> {
    const { names, partitions } = this.#options
    const events = entries.filter(isEvent)
    const records = events.map((entry) => toRecords(entry, partitions))
    const audits = entries.filter(isAudit).map(toAuditRecord)
    await send([
      ...toTopicMessages(names, records, watermarks(events, partitions)),
      { topic: names.audit, messages: audits },
    ])
  }

  /** Writes the dead letter, and in the place of an event one that says so. An audit record has no place that would be missed. */
  async #withhold(poison: Poison, send: Send): Promise<void> {
    const { names, shard, partitions, findOwner, now } = this.#options
    const { entry } = poison
    const times = this.#refused?.times ?? 0
    const letter = times > 2 ? toDeadLetter(poison, shard, shortLetterChars) : toDeadLetter(poison, shard)
    const [sent] = await send([{ topic: names.deadLetter, messages: [letter] }])
    const owner = await ownerOf(entry, findOwner)
    if (owner === null) return
    const deadLetter = { topic: names.deadLetter, partition: 0, offset: sent?.baseOffset ?? '-1' }
    // What the event was about may be small enough: then at least the present is as it should be.
    const stateTold = isEvent(entry) && times < 2
    const state = stateTold ? toRecords(entry, partitions).state : []
    const withheld = toWithheld(poison, owner, deadLetter, { stateTold, now: now() })
    if (withheld === null) return
    const { change } = toRecords(withheld, partitions)
    await send(toTopicMessages(names, [{ change, state }], [toWatermark(withheld, partitions)]))
  }

  /** Lets the shard go: whoever publishes it next takes it over. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.stream[Symbol.asyncDispose]()
  }
}

/** A page that was asked for. */
interface ReadAhead {
  /** The number that it follows. */
  readonly after: bigint
  /** What Redis knew to be published when it was asked. */
  readonly known: bigint | null
  readonly count: number
  readonly page: Promise<OutboxPage>
}

type WaitingEntry = ReadableEntry | UnreadableEntry

/** After that the reason must be another one than the event. */
const refusalsMax = 3

/** Of a dead letter that Kafka has refused in full. */
const shortLetterChars = 16 * 1024

/** Null for an entry that cannot be read and whose connection is not there any more, and for what is of no connection. */
async function ownerOf(entry: Poison['entry'], findOwner: PumpOptions['findOwner']): Promise<ConnectionOwner | null> {
  if (isEvent(entry)) return { tenantId: entry.event.tenantId, ref: entry.event.data.connection }
  const place = placeOf(entry)
  return place && findOwner(place.connectionId)
}

/** A batch is of many calls: it points to each, and is a child of none. */
function spanOf(entries: readonly ReadableEntry[], { shard, topic }: { shard: number; topic: string }): SpanOptions {
  const traceOf = (entry: ReadableEntry) => (isEvent(entry) ? entry.event : entry.audit).traceparent
  const traces = new Set(entries.flatMap((entry) => traceOf(entry) ?? []))
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'send',
    'messaging.destination.name': topic,
    'messaging.batch.message_count': entries.length,
    'clarity.shard': shard,
  }
  return { kind: 'producer', attributes, links: [...traces] }
}

function isReadable(entry: WaitingEntry): entry is ReadableEntry {
  return !('fault' in entry)
}

function isEvent(entry: WaitingEntry): entry is OutboxEntry {
  return 'event' in entry
}

function isAudit(entry: WaitingEntry): entry is AuditEntry {
  return 'audit' in entry
}

function toPoison(entry: WaitingEntry, refusal: string): Poison {
  if (isReadable(entry)) return { entry, reason: 'too-large', detail: refusal }
  return { entry, reason: 'unreadable', detail: entry.fault }
}

/** One for each connection of a batch, of its last event. */
function watermarks(entries: readonly OutboxEntry[], partitions: number): KafkaRecord[] {
  const last = new Map(entries.map((entry) => [entry.event.connectionId, entry]))
  return [...last.values()].map((entry) => toWatermark(entry, partitions))
}

function toTopicMessages(names: StreamNames, records: readonly EntryRecords[], watermarks: readonly KafkaRecord[]) {
  return [
    { topic: names.changes, messages: records.map(({ change }) => change) },
    { topic: names.state, messages: [...records.flatMap(({ state }) => state), ...watermarks] },
  ]
}

function notRestored(shard: number, cause: unknown): DependencyError {
  return new DependencyError('redis', 'Redis has lost events that are in Kafka, and they are not restored yet', {
    remedy: 'See that Redis and Kafka are well. It is tried again; nothing of the shard is published until then.',
    context: { shard },
    cause,
  })
}

function restored(shard: number): DependencyError {
  return new DependencyError('redis', 'Redis had lost events that are in Kafka; they were restored', {
    remedy: 'Find out why Redis lost data: it must run with appendfsync always. The shard goes on by itself.',
    context: { shard },
  })
}
