import type { ServiceUser } from '@clarity/shared/contract/entities'
import type { PendingEvent } from '@clarity/shared/contract/events'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { describe, expect, test } from 'vitest'
import { ReadingBuilder } from '../scopes/reading.ts'
import { diffScope } from './diff.ts'
import type { EventContext } from './events.ts'
import { noFacts, type Reading } from './facts.ts'

const repository = { kind: 'repository', uuid: '{r}', slug: 'api', name: 'Api', private: true } as const
const ann = { uuid: '{a}', type: 'user', account_id: '1:a', display_name: 'Ann' }
const bob = { uuid: '{b}', type: 'user', account_id: '1:b', display_name: 'Bob' }
const devs = { slug: 'devs', name: 'Devs' }

const context: EventContext = {
  connection: {
    id: 'con_1',
    uniqueIdentifier: 'x',
    provider: 'bitbucket-cloud',
    workspace: { uuid: '{w}', slug: 'acme' },
  },
  cause: 'full-sync',
  observedAt: '2026-11-23T10:00:00.000Z',
  previouslyObservedAt: null,
  scope: 'repository/r',
  evidence: { reads: 2, confirmedAt: '2026-11-23T10:00:01.000Z' },
  removal: 'removed',
  membersOf: () => 3,
}

const emptyReading: Reading = { facts: noFacts, resource: null, users: new Map(), groups: new Map() }

function reading(build: (builder: ReadingBuilder) => void, resource: typeof repository = repository): Reading {
  const builder = new ReadingBuilder()
  build(builder)
  return builder.build(resource)
}

/** Plans a difference and tells the events that happen, with what becomes of the shared entities. */
function plan(
  before: Reading,
  after: Reading,
  stored: Record<string, unknown> = {},
  scopeId: ScopeId = 'repository/r',
) {
  const entities = new Map(Object.entries(stored).map(([id, entity]) => [id, JSON.stringify(entity)]))
  const resource = before.resource ?? repository
  const steps = [...diffScope({ scopeId, before: before.facts, after, resource, entities, context })]
  const told = (events: readonly PendingEvent[] = []) => events.map(({ name, subject }) => `${name} ${subject}`)
  return { steps, events: steps.flatMap(({ events }) => told(events)), gone: steps.flatMap(({ gone }) => told(gone)) }
}

function storedUser(account: typeof ann, membership: ServiceUser['membership']): ServiceUser {
  const { uuid, account_id: accountId, display_name: displayName } = account
  const role = membership === 'member' ? { workspaceRole: 'member' } : {}
  return {
    id: `user:${uuid.slice(1, -1)}`,
    kind: 'person',
    status: 'unknown',
    membership,
    externalIds: { uuid, accountId },
    attributes: { displayName, ...role },
  }
}

describe('a first reading', () => {
  test('tells of levels and service users before the grants and nestings that name them', () => {
    const after = reading((builder) => {
      builder.addUser(ann, 'repository:r', 'admin')
      builder.addGroup(devs, 'repository:r', 'write')
    })
    expect(plan(emptyReading, after).events).toEqual([
      'entitlement.created repository:r#admin',
      'entitlement.created repository:r#write',
      'service-user.created user:a',
      'service-user-entitlement.granted user:a|repository:r#admin',
      'entitlement.created group:devs#member',
      'entitlement-nesting.added group:devs#member|repository:r#write',
    ])
  })

  test('does not create again what another scope has told of', () => {
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'admin'))
    const { events, steps } = plan(emptyReading, after, { 'user:a': storedUser(ann, 'member') })
    expect(events).not.toContain('service-user.created user:a')
    expect(steps.at(-1)).toMatchObject({ hold: 'user:a', expect: { id: 'user:a' } })
  })

  test('of a row that says none tells nothing', () => {
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'none'))
    expect(plan(emptyReading, after).steps).toEqual([])
  })

  test('carries a level that nobody knows as it came', () => {
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'triage'))
    expect(plan(emptyReading, after).events).toContain('service-user-entitlement.granted user:a|repository:r#triage')
  })
})

describe('a further reading', () => {
  const before = reading((builder) => builder.addUser(ann, 'repository:r', 'write'))
  const stored = { 'user:a': storedUser(ann, 'outside') }

  test('that says the same gives no step', () => {
    expect(plan(before, before, stored).steps).toEqual([])
  })

  test('with another level is one change, never a loss and a gain', () => {
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'admin'))
    const { events, steps } = plan(before, after, stored)
    expect(events).toEqual([
      'entitlement.created repository:r#admin',
      'service-user-entitlement.changed user:a|repository:r#admin',
      'entitlement.removed repository:r#write',
    ])
    const [, change] = steps
    expect(change?.events?.[0]?.data).toMatchObject({ direction: 'raised', from: 'repository:r#write' })
  })

  test('without a grant takes it with the evidence, and the service user with the last one', () => {
    const { events, gone, steps } = plan(before, emptyReading, stored)
    expect(events).toEqual([
      'service-user-entitlement.revoked user:a|repository:r#write',
      'entitlement.removed repository:r#write',
    ])
    expect(gone).toEqual(['service-user.removed user:a'])
    expect(steps[0]).toMatchObject({ release: 'user:a', del: ['user:a'] })
    expect(steps[0]?.events?.[0]?.data).toMatchObject({ evidence: { reads: 2 }, reason: 'removed' })
  })

  test('takes the last grant of somebody it describes only if they are still as they were planned to go', () => {
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'none'))
    const { steps } = plan(before, after, stored)
    const removal = steps.find(({ release }) => release === 'user:a')
    expect(removal?.expect).toEqual({ id: 'user:a', entity: JSON.stringify(stored['user:a']) })
  })

  test('refuses to plan a removal that nobody confirmed', () => {
    const input = { scopeId: 'repository/r', before: before.facts, after: emptyReading } as const
    const known = { resource: repository, entities: new Map() }
    const steps = diffScope({ ...input, ...known, context: { ...context, evidence: null } })
    expect(() => [...steps]).toThrow(/without evidence/)
  })

  test('of a renamed repository updates its levels and keeps their ids', () => {
    const renamed = { ...repository, slug: 'payments-api', name: 'Payments' } as unknown as typeof repository
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'write'), renamed)
    const { events, steps } = plan(before, after, stored)
    expect(events).toEqual(['entitlement.updated repository:r#write'])
    expect(steps[0]?.events?.[0]?.data).toMatchObject({
      entitlement: { name: 'Repository payments-api: write' },
      changed: {
        name: { from: 'Repository api: write', to: 'Repository payments-api: write' },
        'resource.slug': { from: 'api', to: 'payments-api' },
      },
    })
  })

  test('of a repository in another project is flagged: what everybody inherits has changed', () => {
    const parent = { kind: 'project', uuid: '{p}', key: 'PAY' } as const
    const moved = { ...repository, parent } as unknown as typeof repository
    const after = reading((builder) => builder.addUser(ann, 'repository:r', 'write'), moved)
    const [step] = plan(before, after, stored).steps
    expect(step?.events?.[0]?.data).toMatchObject({ moved: { from: null, to: 'PAY' } })
  })

  test('with a new name of an outsider tells of it; of a member it does not', () => {
    const after = reading((builder) => builder.addUser({ ...ann, display_name: 'Anna' }, 'repository:r', 'write'))
    expect(plan(before, after, stored).events).toEqual(['service-user.attributes-changed user:a'])
    expect(plan(before, after, { 'user:a': storedUser(ann, 'member') }).events).toEqual([])
    // However its JSON is written: of a member nothing but the members tells anything.
    const entities = new Map([['user:a', JSON.stringify(storedUser(ann, 'member'), null, 1)]])
    const difference = {
      scopeId: 'repository/r',
      before: before.facts,
      after,
      resource: repository,
      entities,
      context,
    } as const
    expect([...diffScope(difference)]).toEqual([])
    const pretender = { ...ann, display_name: '"membership":"member"' }
    const known = { 'user:a': storedUser(pretender, 'outside') }
    expect(plan(before, after, known).events).toEqual(['service-user.attributes-changed user:a'])
  })
})

describe('the members', () => {
  const members = (...accounts: (typeof ann)[]) =>
    reading((builder) => {
      for (const account of accounts) builder.addUser(account, 'workspace', 'member', { workspaceRole: 'member' })
    })

  test('make a member of an outsider who joins', () => {
    const { events } = plan(
      members(ann),
      members(ann, bob),
      {
        'user:a': storedUser(ann, 'member'),
        'user:b': storedUser(bob, 'outside'),
      },
      'workspace/members',
    )
    expect(events).toEqual([
      'service-user.updated user:b',
      'service-user.attributes-changed user:b',
      'service-user-entitlement.granted user:b|workspace#member',
    ])
  })

  test('leave an outsider behind where one who left still holds something', () => {
    const entities = { 'user:a': storedUser(ann, 'member'), 'user:b': storedUser(bob, 'member') }
    const { steps, gone } = plan(members(ann, bob), members(ann), entities, 'workspace/members')
    expect(gone).toEqual(['service-user.removed user:b'])
    const [step] = steps
    expect(step?.kept?.events.map(({ name }) => name)).toEqual([
      'service-user.updated',
      'service-user.attributes-changed',
    ])
    expect(JSON.parse(step?.kept?.put[1] ?? '')).toMatchObject({
      membership: 'outside',
      attributes: { displayName: 'Bob' },
    })
  })
})

describe('the groups', () => {
  const groups = (name: string, ...members: (typeof ann)[]): Reading => {
    const builder = new ReadingBuilder()
    builder.addExistingGroup({ slug: 'devs', name, defaultPermission: 'write' })
    for (const member of members) builder.addUser(member, 'group:devs', 'member')
    return builder.build(null)
  }
  const known = { 'user:a': storedUser(ann, 'member') }

  test('are told before their memberships', () => {
    const { events } = plan(emptyReading, groups('Devs', ann), known, 'workspace/groups')
    expect(events).toEqual([
      'entitlement.created group:devs#member',
      'service-user-entitlement.granted user:a|group:devs#member',
    ])
  })

  test('describe whole what a permission had only named', () => {
    const named = [...reading((builder) => builder.addGroup(devs, 'repository:r', 'read')).groups.values()][0]
    const { events } = plan(emptyReading, groups('Devs'), { 'group:devs#member': named }, 'workspace/groups')
    expect(events).toEqual(['entitlement.updated group:devs#member'])
  })

  test('that are gone lose their memberships first', () => {
    const before = groups('Devs', ann)
    const stored = { ...known, 'group:devs#member': [...before.groups.values()][0] }
    const { events, gone } = plan(before, emptyReading, stored, 'workspace/groups')
    expect(events).toEqual(['service-user-entitlement.revoked user:a|group:devs#member'])
    expect(gone).toEqual(['service-user.removed user:a', 'entitlement.removed group:devs#member'])
  })
})
