import type { AuditRecord } from '@clarity/shared/contract/audit'
import type { ConsumerRunConfig } from 'kafkajs'
import { parseAudit } from './audit-event.ts'
import { createClient, type KafkaAccess, reportCrashes, type Subscriber, topicsOf } from './subscriber.ts'

export interface AuditReaderOptions extends KafkaAccess {
  /** What the names of the topics begin with, such as `clarity.bitbucket`. */
  readonly topicPrefix: string
  /** Kafka's consumer group: a restart goes on where the group was. One that has never read begins with the oldest record. */
  readonly groupId: string
  readonly handlers: AuditHandlers
}

export interface AuditHandlers {
  /**
   * Each record, those of one connection in order. After a restart some may come again, known by their ids; so does one that this
   * handler has rejected.
   */
  onAudit(record: AuditRecord, call: { readonly traceparent?: string }): void | Promise<void>
  /** A type or version that this release does not know. */
  onUnknown?(type: string, data: unknown): void | Promise<void>
  /** A record that breaks the contract. Without this handler it counts as a failing handler. */
  onInvalid?(reason: string, where: { partition: number; offset: string }): void | Promise<void>
  /**
   * Something failed: Kafka is away, or a handler of yours has rejected. When `goesOn`, it is tried again from the record that
   * failed; when not, the reading has ended. Without this handler an end is an uncaught exception.
   */
  onFailure?(error: Error, goesOn: boolean): void
}

/** Reads who did what: what is committed in the audit topic, parsed and validated. */
export function createAuditReader(options: AuditReaderOptions): Subscriber {
  const { topicPrefix, groupId, handlers } = options
  const consumer = createClient(options).consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 500 })
  reportCrashes(consumer, handlers)
  const stop = () => consumer.disconnect()
  return {
    async start() {
      await consumer.connect()
      await consumer.subscribe({ topic: topicsOf(topicPrefix).audit, fromBeginning: true })
      await consumer.run({ eachMessage: (payload) => take(payload, handlers) })
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

type Payload = Parameters<NonNullable<ConsumerRunConfig['eachMessage']>>[0]

async function take({ partition, message }: Payload, handlers: AuditHandlers): Promise<void> {
  const { value, headers, offset } = message
  const parsed = parseAudit({ value, ...(headers && { headers }) })
  switch (parsed.state) {
    case 'known': {
      const { record, traceparent } = parsed
      return handlers.onAudit(record, traceparent === undefined ? {} : { traceparent })
    }
    case 'unknown':
      return handlers.onUnknown?.(parsed.type, parsed.data)
    case 'invalid':
      if (handlers.onInvalid === undefined) throw new Error(`An audit record breaks the contract: ${parsed.reason}`)
      return handlers.onInvalid(parsed.reason, { partition, offset })
  }
}
