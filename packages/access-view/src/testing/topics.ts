import { partitionOf } from '@clarity/shared/contract/partition'
import { stateKey, stateType } from '@clarity/shared/contract/state'
import type { AccessEvent, StateRecord } from '@clarity/subscriber'
import type { TestKafka } from '@clarity/testkit/kafka'
import type { Message, Producer } from 'kafkajs'

const partitions = 3

/** The topics of a stream, into which a test writes as the publisher does: in transactions. */
export interface TestTopics extends AsyncDisposable {
  readonly topicPrefix: string
  publish(events: readonly AccessEvent[], state: readonly StateRecord[]): Promise<void>
  audit(values: readonly string[], tenantId: string): Promise<void>
}

export async function createTopics(test: TestKafka, name: string): Promise<TestTopics> {
  await test.createTopic(`${name}.changes`, { numPartitions: partitions })
  const cleanup = [{ name: 'cleanup.policy', value: 'compact' }]
  await test.createTopic(`${name}.state`, { numPartitions: partitions, configEntries: cleanup })
  await test.createTopic(`${name}.audit`)
  const topicPrefix = `${test.prefix}${name}`
  const producer = test.kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    transactionalId: `${topicPrefix}.test`,
  })
  await producer.connect()
  const send = (topic: string, messages: Message[]) => inTransaction(producer, `${topicPrefix}.${topic}`, messages)
  return {
    topicPrefix,
    async publish(events, state) {
      await send('changes', events.map(toChange))
      await send('state', state.map(toState))
    },
    async audit(values, tenantId) {
      await send(
        'audit',
        values.map((value) => ({ key: tenantId, value, headers: { ce_tenantid: tenantId } })),
      )
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  }
}

async function inTransaction(producer: Producer, topic: string, messages: Message[]): Promise<void> {
  if (messages.length === 0) return
  const transaction = await producer.transaction()
  await transaction.send({ topic, messages })
  await transaction.commit()
}

function toChange(event: AccessEvent): Message {
  const { type, subject } = event
  return {
    key: event.connectionId,
    value: JSON.stringify(event.data),
    partition: partitionOf(event.connectionId, partitions),
    headers: {
      ...headersOf(event, event.time),
      ce_id: event.id,
      ce_type: type,
      ce_subject: subject,
      ce_correlationid: 'syn_1',
    },
  }
}

function toState(record: StateRecord): Message {
  const { change, connectionId, time } = record
  return {
    key: stateKey(connectionId, change),
    value: change.value === null ? null : JSON.stringify(change.value),
    partition: partitionOf(connectionId, partitions),
    headers: { ...headersOf(record, time), ce_type: stateType(change.kind), ce_subject: change.id },
  }
}

function headersOf(
  { tenantId, connectionId, sequence }: { tenantId: string; connectionId: string; sequence: bigint },
  time: string,
) {
  return {
    ce_specversion: '1.0',
    ce_source: `/tenants/${tenantId}/connections/${connectionId}`,
    ce_time: time,
    ce_tenantid: tenantId,
    ce_partitionkey: connectionId,
    ce_sequence: sequence.toString().padStart(20, '0'),
  }
}
