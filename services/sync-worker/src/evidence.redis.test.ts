import { FaultRule } from '@clarity/bitbucket-simulator'
import { SignedEvidence } from '@clarity/shared/contract/evidence'
import {
  entitlementParts,
  type GrantId,
  holdingParts,
  type NestingId,
  type ScopeId,
  type SyncId,
  scopeOfResource,
} from '@clarity/shared/contract/ids'
import { digestOfFacts, digestOfScope } from '@clarity/shared/evidence/facts-digest'
import { verifyEvidence } from '@clarity/shared/evidence/sign'
import { readEntries } from '@clarity/shared/testing/outbox'
import { expect, test } from 'vitest'
import { createTestEngine } from './testing/engine.ts'
import { createTestSystem } from './testing/system.ts'

const engine = await createTestEngine()
type System = Awaited<ReturnType<typeof createTestSystem>>

async function evidenceOf({ syncs, connection, slices }: System, syncId: SyncId) {
  const signed = SignedEvidence.parse(await syncs.readEvidence(connection.id, syncId))
  expect(verifyEvidence(signed, slices.signer.publicKeyPem).state).toBe('valid')
  return signed.evidence
}

/** The digest as somebody makes it who has followed the events. */
async function digestOfEvents({ outbox }: System) {
  const scopes = new Map<ScopeId, Set<GrantId | NestingId>>()
  for (const { event } of await readEntries(outbox, 0, 100_000)) {
    if (!/^(service-user-entitlement|entitlement-nesting)\./.test(event.name)) continue
    const id = event.subject as GrantId | NestingId
    const scope = scopeOfResource(entitlementParts(holdingParts(id).entitlement).resource)
    const ids = scopes.get(scope) ?? new Set()
    scopes.set(scope, ids)
    if (/granted|added/.test(event.name)) ids.add(id)
    if (/revoked|removed/.test(event.name)) ids.delete(id)
  }
  return digestOfFacts([...scopes].map(([scope, ids]) => [scope, digestOfScope(ids)] as const))
}

test('a sync leaves signed evidence of what it has read, beside what Bitbucket reported', async () => {
  await using system = await createTestSystem(engine, { repositories: 7, users: 12 })
  const sync = await system.sync('full')
  const { members, projects, repositories, ...none } = (await evidenceOf(system, sync.id)).listings
  expect(none).toEqual({})
  expect(members).toEqual({ read: 12, bitbucketReported: 12, pages: 1 })
  expect(projects).toEqual({ read: 3, bitbucketReported: 3, pages: 1 })
  expect(repositories).toEqual({ read: 7, bitbucketReported: 7, pages: 1 })
  const evidence = await evidenceOf(system, sync.id)
  expect(evidence).toMatchObject({
    tenantId: 'acme',
    connection: { id: 'con_1', uniqueIdentifier: 'bitbucket-acme' },
    workspace: { slug: 'acme' },
    sync: {
      id: sync.id,
      kind: 'full',
      trigger: 'api',
      state: 'completed',
      startedAt: sync.startedAt,
      finishedAt: sync.finishedAt,
    },
    coverage: sync.coverage,
    notRead: { scopes: [], more: 0 },
    removals: { told: { grants: 0, nestings: 0 }, held: 0 },
    requests: sync.progress.requests,
  })
  expect(evidence.facts.grants).toBe(sync.stats.grants?.added)
  expect(evidence.facts.sha256).toBe(await digestOfEvents(system))
})

test('what could not be read is named, and what was told as removed is counted', async () => {
  await using system = await createTestSystem(engine, { repositories: 12 })
  const first = await system.sync('full')
  const { repositories } = await system.truth()
  const [lost, hidden] = repositories.filter(({ users }) => users.length > 0)
  if (lost === undefined || hidden === undefined) throw new Error('too few')
  await system.control('/workspaces/acme/changes', { type: 'remove-repository', uuid: lost.uuid })
  const rule = { resource: hidden.uuid, atLeast: 1, fault: { type: 'status', status: 403 } }
  system.simulator.faults.add(FaultRule.parse(rule))
  const second = await system.sync('full')
  const evidence = await evidenceOf(system, second.id)
  expect(evidence.notRead).toMatchObject({
    scopes: [{ scope: `repository/${hidden.uuid.slice(1, -1)}`, state: 'unobservable', reason: 'http-403' }],
    more: 0,
  })
  expect(evidence.removals.told.grants).toBe(lost.users.length)
  expect(evidence.facts.sha256).toBe(await digestOfEvents(system))
  expect(evidence.facts.sha256).not.toBe((await evidenceOf(system, first.id)).facts.sha256)
})

test('removals that wait for a decision are counted, and stay in the digest', async () => {
  await using system = await createTestSystem(engine, { repositories: 12, removalLimit: { share: 0, count: 0 } })
  await system.sync('full')
  const before = await digestOfEvents(system)
  const { repositories } = await system.truth()
  const lost = repositories.find(({ users, groups }) => users.length > 0 && groups.length > 0)
  if (lost === undefined) throw new Error('none')
  await system.control('/workspaces/acme/changes', { type: 'remove-repository', uuid: lost.uuid })
  const { removals, facts } = await evidenceOf(system, (await system.sync('full')).id)
  expect(removals).toMatchObject({ told: { grants: 0, nestings: 0 }, held: lost.users.length + lost.groups.length })
  expect(facts.sha256).toBe(before)
})

test.each(['preview', 'targeted', 'incremental'] as const)('a sync of kind %s leaves evidence, too', async (kind) => {
  await using system = await createTestSystem(engine, { repositories: 5 })
  const { id } = await system.sync(kind, kind === 'targeted' ? ['workspace/members'] : null)
  expect(await evidenceOf(system, id)).toMatchObject({
    sync: { id, kind },
    facts: { sha256: await digestOfEvents(system) },
  })
})

test('so does one that failed or was cancelled on the way', async () => {
  await using system = await createTestSystem(engine, { repositories: 5, sliceRequests: 5 })
  const { syncs, connection } = system
  const cancelled = await system.request('full')
  await system.runSlice(cancelled)
  expect(await syncs.readEvidence(connection.id, cancelled)).toBeNull()
  await syncs.askToCancel(connection.id, cancelled)
  await system.finish(cancelled)
  expect(await evidenceOf(system, cancelled)).toMatchObject({ sync: { state: 'cancelled' } })
  system.simulator.faults.add(FaultRule.parse({ atLeast: 1, fault: { type: 'status', status: 401 } }))
  const failed = await system.sync('full')
  expect(await evidenceOf(system, failed.id)).toMatchObject({ sync: { state: 'failed' }, listings: {} })
})
