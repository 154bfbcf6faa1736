import { randomUUID } from 'node:crypto'
import { partitionOf } from '@clarity/shared/contract/partition'
import type { Admin, Kafka } from 'kafkajs'
import { AccessSnapshot } from './access-view.ts'
import { type AccessEvent, parseRecord } from './event.ts'
import { readToEnd, type TopicRecord } from './read-to-end.ts'
import { createClient, createSubscriber, type KafkaAccess, type Subscriber, topicsOf } from './subscriber.ts'
import { undoEvent } from './undo.ts'
import { type AccessState, applyEvent, applyStateChange, emptyState } from './view.ts'

export interface LiveViewOptions extends KafkaAccess {
  /** What the names of the topics begin with, such as `clarity.bitbucket`. */
  readonly topicPrefix: string
  /** Begins the names of the consumer groups, which live as long as the view; for the rights that Kafka gives. */
  readonly groupPrefix?: string
  /** Each event as it comes, with the state before it. */
  readonly onEvent?: (event: AccessEvent, before: AccessState) => void
  /** Kafka is away for a while (`goesOn`), or the view has ended. */
  readonly onFailure?: (error: Error, goesOn: boolean) => void
}

interface Followed {
  readonly tenantId: string
  readonly state: AccessState
  /** The number of the last event that is in the state. */
  sequence: bigint
}

/** How far the clocks of producers and of Bitbucket's readers may be apart. */
const clockMarginMs = 60 * 60_000

/**
 * Who has which access in every connection, as the stream tells, in the memory of this process: it begins with what is there
 * now and follows what changes. Should events be missing, it begins anew by itself.
 */
export class LiveView implements AsyncDisposable {
  readonly #options: LiveViewOptions
  readonly #kafka: Kafka
  readonly #connections = new Map<string, Followed>()
  readonly #waiting = new Set<() => void>()
  #subscriber: Subscriber | null = null

  constructor(options: LiveViewOptions) {
    this.#options = options
    this.#kafka = createClient(options)
  }

  /** Resolves when all is in the view that was told before the call. */
  async start(): Promise<void> {
    await this.#subscriber?.stop()
    this.#connections.clear()
    const { groupPrefix = 'clarity-view', topicPrefix, onFailure } = this.#options
    this.#subscriber = createSubscriber({
      ...this.#options,
      topicPrefix,
      groupId: `${groupPrefix}.${randomUUID()}`,
      handlers: {
        onState: ({ tenantId, connectionId, sequence, change }) => {
          const followed = this.#follow(connectionId, tenantId)
          applyStateChange(followed.state, change)
          if (change.kind === 'watermark') followed.sequence = sequence
          if (change.kind === 'watermark' && change.value?.removed) this.#connections.delete(connectionId)
        },
        onEvent: (event) => this.#take(event),
        onUnknown: ({ connectionId, tenantId, sequence }) => {
          this.#follow(connectionId, tenantId).sequence = sequence
        },
        onGap: () => {
          // Not here: this handler is a part of what is to be stopped.
          setImmediate(() => void this.start().catch((error: unknown) => onFailure?.(toError(error), false)))
        },
        ...(onFailure && { onFailure }),
      },
    })
    await this.#subscriber.start()
  }

  /** The connections that are there, with the tenants whose they are. */
  connections(): { readonly connectionId: string; readonly tenantId: string }[] {
    return [...this.#connections].map(([connectionId, { tenantId }]) => ({ connectionId, tenantId }))
  }

  /** Access in a connection as it is known now. It does not follow: ask again for what comes. */
  of(connectionId: string): AccessSnapshot {
    return new AccessSnapshot(copyOf(this.#known(connectionId).state))
  }

  /** Waits until the view has the event of that number, and thereby all before it. */
  async includes(connectionId: string, sequence: bigint): Promise<void> {
    while ((this.#connections.get(connectionId)?.sequence ?? 0n) < sequence) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /**
   * Access as it was at a time, as far as it had been told by then: from the present backwards through the changes.
   * @throws Error when the changes do not reach back so far
   */
  async asOf(connectionId: string, time: Date): Promise<AccessSnapshot> {
    const { state, sequence } = this.#known(connectionId)
    const past = copyOf(state)
    const admin = this.#kafka.admin()
    await admin.connect()
    try {
      const events = await this.#readSince(admin, connectionId, time)
      const included = events.filter((event) => event.sequence <= sequence)
      const cut = included.findIndex((event) => timeOf(event) > time.getTime())
      if (cut !== -1) for (const event of included.slice(cut).reverse()) undoEvent(past, event)
      return new AccessSnapshot(past)
    } finally {
      await admin.disconnect()
    }
  }

  async stop(): Promise<void> {
    await this.#subscriber?.stop()
    this.#subscriber = null
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** The events of a connection that may be younger than a time, in order. */
  async #readSince(admin: Admin, connectionId: string, time: Date): Promise<AccessEvent[]> {
    const { changes } = topicsOf(this.#options.topicPrefix)
    const offsets = await admin.fetchTopicOffsets(changes)
    const partition = partitionOf(connectionId, offsets.length)
    const since = await admin.fetchTopicOffsetsByTimestamp(changes, Math.max(0, time.getTime() - clockMarginMs))
    const begin = since.find((one) => one.partition === partition)?.offset ?? '0'
    const low = offsets.find((one) => one.partition === partition)?.low ?? '0'
    const events: AccessEvent[] = []
    await readToEnd({
      kafka: this.#kafka,
      admin,
      topic: changes,
      groupPrefix: `${this.#options.groupPrefix ?? 'clarity-view'}.past`,
      partitions: new Set([partition]),
      from: new Map([[partition, BigInt(begin)]]),
      onRecord: (record) => {
        if (record.headers.ce_partitionkey === connectionId) events.push(toEvent(record))
      },
    })
    const first = events[0]?.sequence ?? 1n
    if (BigInt(begin) <= BigInt(low) && BigInt(low) > 0n && first > 1n) {
      throw new Error(`The changes of ${connectionId} do not reach back to ${time.toISOString()}`)
    }
    return events
  }

  #take(event: AccessEvent): void {
    const { connectionId, tenantId, sequence } = event
    const followed = this.#follow(connectionId, tenantId)
    this.#options.onEvent?.(event, followed.state)
    applyEvent(followed.state, event)
    followed.sequence = sequence
    if (event.name === 'connection.removed') this.#connections.delete(connectionId)
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  #follow(connectionId: string, tenantId: string): Followed {
    const followed = this.#connections.get(connectionId) ?? { tenantId, state: emptyState(), sequence: 0n }
    this.#connections.set(connectionId, followed)
    return followed
  }

  #known(connectionId: string): Followed {
    const followed = this.#connections.get(connectionId)
    if (followed === undefined) throw new Error(`Nothing is known of the connection ${connectionId}`)
    return followed
  }
}

function toEvent({ value, headers, partition, offset }: TopicRecord): AccessEvent {
  const parsed = parseRecord({ headers, value: value === null ? null : Buffer.from(value) })
  if (parsed.state === 'known') return parsed.event
  throw new Error(`The record at ${partition}/${offset} cannot be read, so what was before it is not known`)
}

/** When it became known. */
function timeOf({ recordedTime, time }: AccessEvent): number {
  return Date.parse(recordedTime ?? time)
}

function copyOf({ serviceUsers, entitlements, grants, nestings, isIncomplete }: AccessState): AccessState {
  return {
    serviceUsers: new Map(serviceUsers),
    entitlements: new Map(entitlements),
    grants: new Map(grants),
    nestings: new Map(nestings),
    ...(isIncomplete && { isIncomplete }),
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
