import type { AuditId } from '@clarity/shared/contract/audit'
import { auditExample } from '@clarity/shared/contract/audit-example'
import { eventExamples } from '@clarity/shared/contract/event-examples'
import type { EventData, EventName } from '@clarity/shared/contract/events'
import type { ConnectionId } from '@clarity/shared/contract/ids'
import type { AuditEntry, OutboxEntry } from '@clarity/shared/store/outbox'
import type { KeptEntry } from '@clarity/shared/store/restoration'
import { ConnectionSnapshot } from '@clarity/shared/store/snapshot'
import { describe, expect, test } from 'vitest'
import { eventIdOf } from '../record.ts'
import { type LostShard, lostWithRedis, planRestoration } from './plan-restoration.ts'

const [a, b] = ['con_a', 'con_b'] as const satisfies ConnectionId[]

function snapshot(connectionId: ConnectionId, sequence: number, removed = false): ConnectionSnapshot {
  const made = new ConnectionSnapshot(connectionId)
  const by = { sequence: BigInt(sequence), time: '2026-11-23T10:00:00.000Z' }
  made.take({ kind: 'watermark', id: connectionId, value: { sequence, removed } }, by)
  return made
}

let numbers = 0n

function entry<Name extends EventName>(
  connectionId: ConnectionId,
  sequence: number,
  name: Name,
  subject: string = connectionId,
): OutboxEntry {
  const data: EventData<Name> = eventExamples[name].data
  const ids = { tenantId: 'acme', connectionId, syncId: 'syn_1' }
  const event = { name, subject, ...ids, before: null, after: null, data } as OutboxEntry['event']
  return { number: ++numbers, text: '', sequence: BigInt(sequence), event }
}

function audit(id: AuditId, connectionId: ConnectionId | null): AuditEntry {
  return { number: ++numbers, text: '', audit: { record: { ...auditExample, id, connectionId } } }
}

const shown = (entry: KeptEntry) =>
  'audit' in entry ? entry.audit.record.id : [entry.event.connectionId, Number(entry.sequence), entry.event.name]

function plan(lost: Partial<LostShard> & Pick<LostShard, 'snapshots'>) {
  const nothing = { sequences: new Map(), entries: [], damaged: new Set<ConnectionId>(), toldIds: new Set<string>() }
  const { restored, ended, kept, undone, dropped } = planRestoration({ ...nothing, ...lost })
  return {
    restored: restored.map(({ snapshot: { connectionId }, sequence }) => [connectionId, Number(sequence)]),
    ended: ended.map(({ connectionId }) => connectionId),
    kept: kept.map(shown),
    undone,
    dropped,
  }
}

const told = (...snapshots: readonly ConnectionSnapshot[]) =>
  new Map(snapshots.map((each) => [each.connectionId, each]))

describe('a connection that goes on where Kafka is', () => {
  test.each([
    ['with nothing waiting', { sequences: new Map([[a, 5n]]), entries: [] }],
    ['with what follows waiting', { entries: [entry(a, 6, 'service-user.created'), entry(a, 7, 'sync.completed')] }],
  ])('is left as it is, %s', (_what, of) => {
    const { restored, kept, dropped } = plan({ snapshots: told(snapshot(a, 5)), ...of })
    expect({ restored, dropped }).toEqual({ restored: [], dropped: 0 })
    expect(kept).toEqual(of.entries.map(({ sequence, event }) => [a, Number(sequence), event.name]))
  })

  test('that Kafka has never heard of keeps all that waits', () => {
    const entries = [entry(b, 1, 'connection.created'), entry(b, 2, 'service-user.created')]
    const kept = [
      [b, 1, 'connection.created'],
      [b, 2, 'service-user.created'],
    ]
    expect(plan({ snapshots: new Map(), entries })).toMatchObject({ restored: [], kept, dropped: 0 })
  })
})

describe('a connection of which Redis has lost something', () => {
  test.each([
    ['knows less than Kafka', { sequences: new Map([[a, 3n]]) }],
    ['knows nothing', {}],
    ['has gone on from an older state', { entries: [entry(a, 4, 'service-user.created')] }],
    ['has a gap before what waits', { entries: [entry(a, 7, 'service-user.created')] }],
    ['holds something that cannot be read', { sequences: new Map([[a, 5n]]), damaged: new Set([a]) }],
  ])('is put back to what was told when Redis %s', (_what, of) => {
    expect(plan({ snapshots: told(snapshot(a, 5)), ...of })).toMatchObject({ restored: [[a, 5]], kept: [] })
  })

  test('drops what speaks of facts, and tells the rest in its order under new numbers', () => {
    const entries = [
      entry(a, 4, 'sync.started'),
      entry(a, 5, 'service-user.created'),
      entry(a, 6, 'service-user-entitlement.granted'),
      entry(a, 7, 'connection.degraded'),
      entry(a, 8, 'sync.held'),
    ]
    expect(plan({ snapshots: told(snapshot(a, 5)), entries })).toEqual({
      restored: [[a, 7]],
      ended: [],
      kept: [
        [a, 6, 'sync.started'],
        [a, 7, 'connection.degraded'],
      ],
      undone: [],
      dropped: 3,
    })
  })

  test('does not tell again what Kafka has already', () => {
    const [twice, fresh] = [entry(a, 4, 'sync.requested', 'syn_1'), entry(a, 5, 'sync.requested', 'syn_2')]
    const toldIds = new Set([eventIdOf(twice)])
    expect(plan({ snapshots: told(snapshot(a, 5)), entries: [twice, fresh], toldIds })).toMatchObject({
      restored: [[a, 6]],
      kept: [[a, 6, 'sync.requested']],
      dropped: 1,
    })
  })

  test('says that a sync whose findings are dropped has failed', () => {
    const lost = { snapshots: told(snapshot(a, 5)), entries: [entry(a, 4, 'sync.completed')] }
    expect(plan(lost)).toMatchObject({ kept: [[a, 6, 'sync.failed']], undone: [{ connectionId: a, syncId: 'syn_1' }] })
    const nothing = { sequences: new Map(), damaged: new Set<ConnectionId>(), toldIds: new Set<string>() }
    const [failed] = planRestoration({ ...nothing, ...lost }).kept
    if (failed === undefined || !('event' in failed)) expect.fail('it tells nothing')
    expect(failed.event.data).toMatchObject({ error: lostWithRedis })
    expect(failed.event.data).not.toHaveProperty('stats')
    expect(failed.event.data).not.toHaveProperty('evidence')
  })

  test('does not touch another one of the shard', () => {
    const entries = [entry(b, 9, 'service-user.created'), entry(a, 2, 'service-user.created')]
    expect(plan({ snapshots: told(snapshot(a, 5), snapshot(b, 8)), entries })).toMatchObject({
      restored: [[a, 5]],
      kept: [[b, 9, 'service-user.created']],
      dropped: 1,
    })
  })
})

test('a connection that has come to its end tells nothing more, and is forgotten', () => {
  const entries = [entry(a, 3, 'sync.requested'), entry(a, 4, 'service-user.created')]
  expect(plan({ snapshots: told(snapshot(a, 5, true)), entries })).toEqual({
    restored: [],
    ended: [a],
    kept: [],
    undone: [],
    dropped: 2,
  })
})

describe('what somebody did', () => {
  test('is told in its order, whatever becomes of the connection that it was done to', () => {
    const entries = [
      audit('aud_1', a),
      entry(a, 4, 'service-user.created'),
      audit('aud_2', null),
      entry(a, 5, 'sync.requested'),
      audit('aud_3', b),
    ]
    expect(plan({ snapshots: told(snapshot(a, 5), snapshot(b, 7, true)), entries })).toMatchObject({
      restored: [[a, 6]],
      ended: [b],
      kept: ['aud_1', 'aud_2', [a, 6, 'sync.requested'], 'aud_3'],
      dropped: 1,
    })
  })

  test('is not told again when Kafka has it already', () => {
    const entries = [audit('aud_1', a), audit('aud_2', a)]
    const lost = { snapshots: told(snapshot(a, 5)), sequences: new Map([[a, 5n]]), entries }
    expect(plan({ ...lost, toldIds: new Set(['aud_1']) })).toMatchObject({ restored: [], kept: ['aud_2'], dropped: 1 })
  })

  test('does not let a connection count as one that goes on', () => {
    expect(plan({ snapshots: told(snapshot(a, 5)), entries: [audit('aud_1', a)] })).toMatchObject({
      restored: [[a, 5]],
      kept: ['aud_1'],
    })
  })
})
