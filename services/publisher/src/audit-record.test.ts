import { AuditHeaders, type AuditId, AuditRecord } from '@clarity/shared/contract/audit'
import { auditExample, exampleAuditHeaders } from '@clarity/shared/contract/audit-example'
import type { AuditEntry } from '@clarity/shared/store/outbox'
import { CloudEvent, Kafka } from 'cloudevents'
import { expect, test } from 'vitest'
import { toAuditRecord } from './audit-record.ts'

const traceparent = exampleAuditHeaders().ce_traceparent ?? ''
const entry: AuditEntry = { number: 41n, text: '', audit: { record: auditExample, traceparent } }

test('an audit record has the attributes of its contract as headers, and no number of a sequence', () => {
  const { key, value, headers } = toAuditRecord(entry)
  expect(headers).toEqual(exampleAuditHeaders())
  expect(AuditHeaders.parse(headers)).toEqual(headers)
  expect(headers).not.toHaveProperty('ce_sequence')
  expect(key).toBe('acme')
  expect(AuditRecord.parse(JSON.parse(value ?? ''))).toEqual(auditExample)
})

test('the same entry gives the same audit record, wherever it stands', () => {
  expect(toAuditRecord({ ...entry, number: 42n })).toEqual(toAuditRecord(entry))
  const id: AuditId = 'aud_other'
  const other = { ...entry, audit: { record: { ...auditExample, id } } }
  expect(toAuditRecord(other).headers).toMatchObject({ ce_id: 'aud_other' })
  expect(toAuditRecord(other).headers).not.toHaveProperty('ce_traceparent')
})

test("the reader of the standard's own authors takes an audit record for a valid CloudEvent", () => {
  const { headers, key, value } = toAuditRecord(entry)
  const message = { headers: { ...headers }, key, value, body: value }
  const event = Kafka.toEvent(message)
  if (!(event instanceof CloudEvent)) expect.fail('it is one event')
  expect(event.validate()).toBe(true)
  expect(event).toMatchObject({
    id: auditExample.id,
    type: 'io.claritysecurity.access.audit.recorded.v1',
    source: '/tenants/acme',
    subject: 'con_41',
    partitionkey: 'acme',
    data: auditExample,
  })
})
