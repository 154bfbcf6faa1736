import { EventHeaders } from '@clarity/shared/contract/event-headers'
import type { OutboxEntry } from '@clarity/shared/store/outbox'
import { CloudEvent, Kafka } from 'cloudevents'
import { expect, test } from 'vitest'
import { toRecords } from './record.ts'

const entry: OutboxEntry = {
  number: 41n,
  text: '',
  sequence: 7n,
  event: {
    name: 'service-user-entitlement.granted',
    subject: 'user:1|repository:2#admin',
    tenantId: 'acme',
    connectionId: 'con_1',
    syncId: 'syn_1',
    before: null,
    after: 'digest',
    data: {
      connection: {
        id: 'con_1',
        uniqueIdentifier: 'bitbucket-acme',
        provider: 'bitbucket-cloud',
        workspace: { uuid: '{1}', slug: 'acme' },
      },
      cause: 'full-sync',
      observedAt: '2026-11-23T10:15:02.113Z',
      previouslyObservedAt: null,
      scope: 'repository/2',
      grant: {
        id: 'user:1|repository:2#admin',
        serviceUserId: 'user:1',
        entitlementId: 'repository:2#admin',
        assignment: 'direct',
      },
    },
  },
}

const toRecord = (of: OutboxEntry, partitions: number) => toRecords(of, partitions).change

test('a record carries the CloudEvents attributes as headers and the plain data as value', () => {
  const record = toRecord(entry, 12)
  expect(record.headers).toMatchObject({
    ce_specversion: '1.0',
    ce_type: 'io.claritysecurity.access.service-user-entitlement.granted.v1',
    ce_source: '/tenants/acme/connections/con_1',
    ce_subject: 'user:1|repository:2#admin',
    ce_time: '2026-11-23T10:15:02.113Z',
    ce_sequence: '00000000000000000007',
    ce_correlationid: 'syn_1',
  })
  expect(JSON.parse(record.value ?? '')).toEqual(entry.event.data)
  // All that the contract names, and nothing that it does not.
  expect(EventHeaders.parse(record.headers)).toEqual(record.headers)
  expect(record.key).toBe('con_1')
})

test('the same entry gives the same record, another sequence or content another id', () => {
  const id = (other: OutboxEntry) => toRecord(other, 12).headers.ce_id
  expect(toRecord(entry, 12)).toEqual(toRecord(structuredClone(entry), 12))
  expect(id({ ...entry, sequence: 8n })).not.toBe(id(entry))
  expect(id({ ...entry, event: { ...entry.event, after: 'other' } })).not.toBe(id(entry))
  expect(id({ ...entry, number: 42n })).toBe(id(entry))
})

test('all records of a connection go to one partition', () => {
  const partition = toRecord(entry, 12).partition
  expect(partition).toBeGreaterThanOrEqual(0)
  expect(partition).toBeLessThan(12)
  expect(toRecord({ ...entry, sequence: 9n }, 12).partition).toBe(partition)
})

test("the reader of the standard's own authors takes it for a valid CloudEvent, and gives back what was told", () => {
  const { headers, key, value } = toRecord(entry, 12)
  const message = { headers: { ...headers }, key, value, body: value }
  const event = Kafka.toEvent(message)
  if (!(event instanceof CloudEvent)) expect.fail('it is one event')
  expect(event.validate()).toBe(true)
  expect(event).toMatchObject({
    specversion: '1.0',
    id: headers.ce_id,
    type: headers.ce_type,
    source: '/tenants/acme/connections/con_1',
    subject: entry.event.subject,
    sequence: '00000000000000000007',
    partitionkey: 'con_1',
    data: entry.event.data,
  })
})
