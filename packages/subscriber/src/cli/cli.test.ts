import pico from 'picocolors'
import { describe, expect, test } from 'vitest'
import type { AccessEvent } from '../event.ts'
import { emptyState } from '../view.ts'
import { isWanted, toJsonLine, toLine } from './format.ts'
import { readOptions, UsageError } from './options.ts'

const serviceUser = {
  id: 'user:7',
  kind: 'person',
  status: 'active',
  membership: 'member',
  externalIds: { uuid: '{7}' },
  attributes: { displayName: 'Example Person' },
} as const
const connection = {
  id: 'con_1',
  uniqueIdentifier: 'bitbucket-acme',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{w}', slug: 'acme' },
} as const
const revoked: AccessEvent = {
  id: 'abc',
  type: 'io.claritysecurity.access.service-user-entitlement.revoked.v1',
  source: '/tenants/acme/connections/con_1',
  subject: 'user:7|repository:r#admin',
  time: '2026-11-23T10:00:00.000Z',
  tenantId: 'acme',
  connectionId: 'con_1',
  sequence: 12n,
  correlationId: 'syn_1',
  name: 'service-user-entitlement.revoked',
  data: {
    connection,
    cause: 'full-sync',
    observedAt: '2026-11-23T10:00:00.000Z',
    previouslyObservedAt: null,
    scope: 'repository/r',
    grant: {
      id: 'user:7|repository:r#admin',
      serviceUserId: 'user:7',
      entitlementId: 'repository:r#admin',
      assignment: 'direct',
    },
    reason: 'removed',
    evidence: { reads: 2, confirmedAt: '2026-11-23T10:00:00.000Z' },
  },
}
const before = { ...emptyState(), serviceUsers: new Map([[serviceUser.id, serviceUser]]) }

describe('the options', () => {
  test('have defaults, which the environment can set', () => {
    expect(readOptions([], {})).toMatchObject({ brokers: ['localhost:9092'], prefix: 'clarity.bitbucket', json: false })
    const env = { KAFKA_BROKERS: 'a:1,b:2', TOPIC_PREFIX: 'other' }
    expect(readOptions([], env)).toMatchObject({ brokers: ['a:1', 'b:2'], prefix: 'other' })
    expect(readOptions(['--prefix', 'mine'], env)).toMatchObject({ prefix: 'mine' })
  })

  test.each([
    [['--brokers', 'nowhere'], '--brokers is not a comma-separated list of host:port'],
    [['--connection', '41'], '--connection is no id of a connection, such as con_41'],
    [['--verify'], '--verify needs --connection'],
    [['--api', 'x'], '--api is no URL'],
    [['--colour'], '--colour'],
  ])('that are wrong are named: %j', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(UsageError)
    expect(() => readOptions(args, {})).toThrow(message)
  })
})

describe('an event', () => {
  test.each([
    [{}, true],
    [{ tenant: 'acme', connection: 'con_1' }, true],
    [{ tenant: 'globex' }, false],
    [{ connection: 'con_2' }, false],
    [{ kind: 'service-user-entitlement' }, true],
    [{ kind: 'service-user-entitlement.revoked' }, true],
    // Another family, although its name begins the same.
    [{ kind: 'service-user' }, false],
    [{ user: 'example' }, true],
    [{ user: 'USER:7' }, true],
    [{ user: 'somebody else' }, false],
  ])('is shown to who asks for %j: %s', (filter, wanted) => {
    expect(isWanted(revoked, before, filter)).toBe(wanted)
  })

  test('is a line with names for people, and red when somebody loses something', () => {
    const plain = toLine(revoked, before, pico.createColors(false))
    expect(plain).toBe(
      '2026-11-23T10:00:00.000Z  acme/bitbucket-acme  #12  Example Person no longer holds "repository:r#admin" (removed)',
    )
    const { red } = pico.createColors(true)
    expect(toLine(revoked, before, pico.createColors(true))).toContain(
      red('Example Person no longer holds "repository:r#admin" (removed)'),
    )
  })

  test('is a line of JSON for programs, as it came', () => {
    expect(JSON.parse(toJsonLine(revoked))).toMatchObject({ sequence: 12, name: revoked.name, data: revoked.data })
  })
})
