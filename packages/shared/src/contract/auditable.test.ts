import { describe, expect, test } from 'vitest'
import { AuditRecord, AuditTargetKind } from './audit.ts'
import { auditExample } from './audit-example.ts'
import { auditable, auditRecorded } from './auditable.ts'
import type { Connection } from './connections.ts'

const connection: Connection = {
  id: 'con_1',
  tenantId: 'acme',
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{1}', slug: 'acme', name: 'Acme' },
  credential: { kind: 'oauth-consumer', key: 'key' },
  removalLimit: { share: 0.1, count: 20 },
  createdAt: '2026-11-23T10:00:00.000Z',
}

/** Things that must not be told, under the names that they have wherever we keep them. */
const secret = 'planted-5ec4e7'
const secrets = {
  ...{ secret, token: secret, password: secret, email: secret, digest: secret, key: secret, sealed: secret },
  ...{ sealedCredential: secret, authorization: secret, clientSecret: secret, url: secret },
}

describe('an audit record', () => {
  test.each(AuditTargetKind.options)('of a target of the kind %s has no field for a secret', (kind) => {
    const given = { ...secrets, name: 'Acme', state: 'active' }
    const { before, after } = auditable(kind, { before: given, after: { ...given, name: 'New', state: 'new' } })
    expect(Object.keys(before ?? {}).length).toBeGreaterThan(0)
    expect(JSON.stringify([before, after])).not.toContain(secret)
  })

  test('has none further in either', () => {
    const given = {
      ...connection,
      workspace: { ...connection.workspace, ...secrets },
      credential: { kind: 'oauth-consumer', ...secrets, key: 'public' },
      moreCredentials: [{ kind: 'api-token', ...secrets, key: 'hash' }],
      schedule: { mode: 'cron', pattern: '0 3 * * *', ...secrets },
    }
    const { after } = auditable('connection', { after: given })
    expect(JSON.stringify(after)).not.toContain(secret)
    expect(after).toMatchObject({
      credential: { key: 'public' },
      moreCredentials: [{ kind: 'api-token', key: 'hash' }],
    })
  })

  test('takes no fields but those that were let pass', () => {
    // @ts-expect-error: whatever `auditable` has not made is refused by its type.
    const built: AuditRecord = { ...auditExample, after: { secret } }
    expect(built.after).toEqual({ secret })
  })

  test('says nothing of an actor but who it is', () => {
    const actor = { kind: 'token' as const, id: 'sub_1', name: null, ...secrets }
    const target = { kind: 'tenant' as const, id: 'acme', ...secrets }
    const { record } = auditRecorded({ ...done, actor, target }, place)
    expect(JSON.stringify(record)).not.toContain(secret)
    expect(AuditRecord.parse(record)).toEqual(record)
  })
})

const done = {
  tenantId: 'acme',
  actor: { kind: 'operator', id: 'operator', name: null },
  action: 'tenant.changed',
  target: { kind: 'tenant', id: 'acme' },
} as const
const place = { id: 'aud_1', at: '2026-11-23T10:00:00.000Z' } as const

describe('of what changed', () => {
  test('only that is recorded, before and after', () => {
    const schedule = { mode: 'manual' as const }
    const before = { ...connection, schedule }
    const after = { ...connection, schedule, name: 'Acme Inc.', publishLevels: 'all' as const }
    expect(auditable('connection', { before, after })).toEqual({
      before: { name: 'Acme' },
      after: { name: 'Acme Inc.', publishLevels: 'all' },
    })
  })

  test('a part of a field is the whole field', () => {
    const after = { ...connection, removalLimit: { share: 0.1, count: 50 } }
    expect(auditable('connection', { before: connection, after })).toEqual({
      before: { removalLimit: { share: 0.1, count: 20 } },
      after: { removalLimit: { share: 0.1, count: 50 } },
    })
  })

  test('all is recorded of what was not there before, or is not there any more', () => {
    const tenant = { id: 'acme', name: 'Acme', state: 'active', createdAt: place.at }
    const recorded = { name: 'Acme', state: 'active', createdAt: place.at }
    expect(auditable('tenant', { after: tenant })).toEqual({ before: null, after: recorded })
    expect(auditable('tenant', { before: tenant })).toEqual({ before: recorded, after: null })
    expect(auditRecorded(done, place).record).toMatchObject({ before: null, after: null, connectionId: null })
  })
})
