import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import type { Kysely } from 'kysely'
import { keepTrying, type Patience } from '../feed/keep-trying.ts'
import type { Tables } from '../tables.ts'
import { applyAudit } from './apply-audit.ts'
import { AuditRecord, type TenantRecord } from './audit-record.ts'

export interface AuditFeedOptions extends Patience {
  readonly db: Kysely<Tables>
  readonly kafka: Kafka
  /** Of the view; the group of the audit records is named after it. */
  readonly groupId: string
  readonly topicPrefix: string
}

/** Takes the records of the audit topic into the database until the signal aborts, and rejects then with its reason. */
export async function followAudit(options: AuditFeedOptions, signal: AbortSignal): Promise<never> {
  const consumer = await keepTrying(options, 'audit', signal, () => subscribe(options, signal))
  const ended = Promise.withResolvers<never>()
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) ended.reject(error)
  })
  const abort = () => ended.reject(signal.reason)
  // Joining the group may have outlasted the signal.
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await ended.promise
  } finally {
    signal.removeEventListener('abort', abort)
    await consumer.disconnect()
  }
}

async function subscribe(options: AuditFeedOptions, signal: AbortSignal): Promise<Consumer> {
  const { kafka, groupId, topicPrefix } = options
  const consumer = kafka.consumer({ groupId: `${groupId}.audit`, readUncommitted: false, maxWaitTimeInMs: 500 })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: `${topicPrefix}.audit`, fromBeginning: true })
    await consumer.run({ eachBatch: (payload) => take(options, payload, signal) })
    return consumer
  } catch (error) {
    await consumer.disconnect()
    throw error
  }
}

async function take(options: AuditFeedOptions, { batch }: EachBatchPayload, signal: AbortSignal): Promise<void> {
  const records = batch.messages.flatMap((message) => {
    const record = parseAudit(message)
    if (record !== null) return [record]
    const where = { partition: batch.partition, offset: message.offset }
    options.log.error({ event: 'view.audit-invalid', ...where }, 'an audit record cannot be read')
    return []
  })
  await keepTrying(options, 'audit', signal, () => applyAudit(options.db, records))
}

type Message = EachBatchPayload['batch']['messages'][number]

/** Null for what is no audit record that this release understands. */
export function parseAudit({ key, value, headers }: Pick<Message, 'key' | 'value' | 'headers'>): TenantRecord | null {
  const tenantId = headers?.ce_tenantid?.toString() ?? key?.toString() ?? ''
  const parsed = AuditRecord.safeParse(parseJson(value))
  return parsed.success && tenantId !== '' ? { tenantId, record: parsed.data } : null
}

function parseJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
