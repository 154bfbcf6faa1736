import type { AuditId, AuditRecord } from '@clarity/shared/contract/audit'
import { auditExample, exampleAuditHeaders } from '@clarity/shared/contract/audit-example'
import { testKafka } from '@clarity/testkit/kafka'
import { expect, test } from 'vitest'
import { type AuditHandlers, createAuditReader } from './audit-reader.ts'

const { kafka, brokers, prefix, createTopic } = testKafka()
const last: AuditId = 'aud_last'

interface Sent {
  readonly id: AuditId
  readonly value?: string
  readonly headers?: Record<string, string>
}

function toMessage({ id, value, headers }: Sent) {
  const record: AuditRecord = { ...auditExample, id }
  return {
    key: record.tenantId,
    value: value ?? JSON.stringify(record),
    headers: { ...exampleAuditHeaders(), ce_id: id, ce_traceparent: `trace of ${id}`, ...headers },
  }
}

/** Sends records, reads them, and tells what every handler saw, in order, until the last one has come. */
async function readBack(name: string, sent: readonly Sent[], failOnceAt?: AuditId) {
  const topic = await createTopic(`${name}.audit`)
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: [...sent, { id: last }].map(toMessage) })
  await producer.disconnect()
  const seen: string[] = []
  const done = Promise.withResolvers<void>()
  let failed = false
  const handlers: AuditHandlers = {
    onAudit: ({ id, action }, { traceparent }) => {
      if (id === failOnceAt && !failed) {
        failed = true
        throw new Error('not now')
      }
      if (id === last) return done.resolve()
      seen.push(`${id} ${action}, ${traceparent}`)
    },
    onUnknown: (type) => void seen.push(`unknown ${type}`),
    onInvalid: (reason) => void seen.push(`invalid ${reason.split(':')[0]}`),
  }
  const topicPrefix = `${prefix}${name}`
  await using reader = createAuditReader({ brokers, topicPrefix, groupId: topicPrefix, handlers })
  await reader.start()
  await done.promise
  return seen
}

test('who did what is read in its order, with the call that led to it', async () => {
  expect(await readBack('order', [{ id: 'aud_1' }, { id: 'aud_2' }])).toEqual([
    'aud_1 connection.updated, trace of aud_1',
    'aud_2 connection.updated, trace of aud_2',
  ])
})

test('an action, actor or target that this release does not know is a record like any other', async () => {
  const strange = {
    action: 'moon.landed',
    actor: { kind: 'robot', id: 'r1', name: null },
    target: { kind: 'moon', id: 'm1' },
  }
  const value = JSON.stringify({ ...auditExample, id: 'aud_1', ...strange })
  expect(await readBack('strange', [{ id: 'aud_1', value }])).toEqual(['aud_1 moon.landed, trace of aud_1'])
})

test('a type that this release does not know goes to a handler of its own', async () => {
  const type = 'io.claritysecurity.access.audit.recorded.v7'
  const sent = [{ id: 'aud_1', value: '{"any":1}', headers: { ce_type: type } }] as const
  expect(await readBack('unknown', sent)).toEqual([`unknown ${type}`])
})

test('audit records that break the contract are told, one by one', async () => {
  const broken: Sent[] = [
    { id: 'aud_1', value: '{"id":"aud_1"}' },
    { id: 'aud_2', value: 'no json' },
    { id: 'aud_3', headers: { ce_specversion: '2.0' } },
  ]
  expect(await readBack('invalid', broken)).toEqual([
    'invalid audit.recorded',
    'invalid the value is not JSON',
    'invalid headers',
  ])
})

test('an audit record whose handler failed comes again', async () => {
  expect(await readBack('failing', [{ id: 'aud_1' }, { id: 'aud_2' }], 'aud_2')).toEqual([
    'aud_1 connection.updated, trace of aud_1',
    'aud_2 connection.updated, trace of aud_2',
  ])
})
