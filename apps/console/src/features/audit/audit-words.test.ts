import { expect, test } from 'vitest'
import type { AuditRecord } from '../../api/insight.ts'
import { changedFields, sayAction, sayActor } from './audit-words.ts'

function record(action: string, of: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id: 'aud_1',
    at: '2026-11-23T10:15:02.113Z',
    tenantId: 'acme',
    actor: { kind: 'api-key', id: 'key_7d2c', name: 'Clarity production' },
    action,
    target: { kind: 'connection', id: 'con_41' },
    connectionId: 'con_41',
    before: null,
    after: null,
    requestId: 'req_5b1e',
    reason: null,
    ...of,
  }
}

test('what was done is said in a sentence', () => {
  expect(sayAction(record('sync.requested', { after: { kind: 'full', trigger: 'api' } }))).toBe('asked for a full sync')
  expect(sayAction(record('sync.cancelled', { before: { kind: 'incremental' } }))).toBe('cancelled an incremental sync')
  expect(sayAction(record('removals.approved', { after: { counts: { removed: 12, kept: 0 } } }))).toBe(
    'approved 12 held removals',
  )
  expect(sayAction(record('access.exported', { after: { exported: { what: 'who-can' } } }))).toBe('exported who can')
})

test('an action that is not known here stands for itself', () => {
  expect(sayAction(record('moon.painted'))).toBe('did moon.painted')
})

test('a change of the settings names what was changed, and from what to what', () => {
  const changed = record('connection.updated', {
    before: { name: 'Old', schedule: { mode: 'manual' } },
    after: { name: 'New', schedule: { mode: 'interval', minutes: 60 }, include: { projects: null } },
  })
  expect(sayAction(changed)).toBe('changed the name, the schedule and what is included')
  expect(changedFields(changed)).toEqual([
    { name: 'the name', from: 'Old', to: 'New' },
    { name: 'the schedule', from: 'mode: manual', to: 'mode: interval, minutes: 60' },
    { name: 'what is included', from: null, to: 'projects: all' },
  ])
})

test('who did it is said by name, else by what is known', () => {
  const nameless = { id: 'key_1', name: null }
  expect(sayActor(record('x').actor)).toBe('Clarity production')
  expect(sayActor({ kind: 'system', ...nameless })).toBe('The system')
  expect(sayActor({ kind: 'api-key', ...nameless })).toBe('key_1')
})
