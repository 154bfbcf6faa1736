import { readEntries } from '@clarity/shared/testing/outbox'
import { expect, test } from 'vitest'
import { createTestEngine } from './testing/engine.ts'
import { createTestSystem } from './testing/system.ts'

const engine = await createTestEngine()

/** What the second figures have more than the first. */
function growth(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  const grown = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, value]) => value !== 0))
}

async function toldEvents(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { event } of await readEntries(engine.outbox, 0, 100_000)) {
    const name = `clarity_worker_events_total{event="${event.name}"}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

test('what syncs did is counted: every event by its name, requests by route, coverage, age, room', async () => {
  await using system = await createTestSystem(engine, { repositories: 6, requestsPerHour: 1_000 })
  const before = await engine.showMetrics()
  const first = await system.sync('full')
  const after = await engine.showMetrics()
  const grown = growth(before, after)
  const { 'clarity_worker_events_total{event="sync.requested"}': requested, ...events } = await toldEvents()
  expect(requested).toBe(1)
  expect(grown).toMatchObject(events)
  const complete = 4 + 3 + 6
  expect(grown).toMatchObject({
    'clarity_worker_syncs_total{kind="full",result="completed"}': 1,
    'clarity_worker_scopes_total{coverage="complete"}': complete,
    'clarity_bitbucket_requests_total{endpoint="GET /1.0/groups/{workspace_slug}",status="200"}': 1,
    'clarity_bitbucket_request_seconds_count{endpoint="GET /1.0/groups/{workspace_slug}"}': 1,
    'clarity_worker_budget_credentials{used="under-half"}': 1,
  })
  const requests = Object.entries(grown).filter(([name]) => name.startsWith('clarity_bitbucket_requests_total'))
  expect(requests.reduce((sum, [, count]) => sum + count, 0)).toBe(first.progress.requests)
  expect(after.clarity_worker_budget_free_requests).toBe(1_000 - first.progress.requests)
  // What was read for the first time has no age.
  expect(Object.keys(grown).filter((name) => name.startsWith('clarity_worker_scope_age'))).toEqual([])

  system.clock.advance(3_000_000)
  await system.sync('full')
  expect(growth(after, await engine.showMetrics())).toMatchObject({
    'clarity_worker_scope_age_seconds_count{scope="repository"}': 6,
    'clarity_worker_scope_age_seconds_bucket{le="3600",scope="repository"}': 6,
    'clarity_worker_scope_age_seconds_count{scope="members"}': 1,
    'clarity_worker_scope_age_seconds_count{scope="projects"}': 1,
  })
})

test('a sync that finds no room is counted with how long it is put aside, and scopes that cannot be read as what they are', async () => {
  await using system = await createTestSystem(engine, { repositories: 30, requestsPerHour: 60 })
  const before = await engine.showMetrics()
  const hidden = { endpoint: 'GET /1.0/groups/{workspace}', fault: { type: 'status', status: 403 } }
  await system.control('/faults', [hidden])
  const sync = await system.sync('full')
  const grown = growth(before, await engine.showMetrics())
  expect(sync).toMatchObject({ state: 'completed', coverage: { unobservable: 1 } })
  expect(grown['clarity_worker_wait_seconds_total{reason="no-room"}']).toBeGreaterThan(1_000)
  expect(grown).toMatchObject({
    'clarity_worker_scopes_total{coverage="unobservable"}': 1,
    'clarity_bitbucket_requests_total{endpoint="GET /1.0/groups/{workspace_slug}",status="403"}': 1,
    'clarity_worker_events_total{event="scope.unobservable"}': 1,
  })
})

test('removals that are held are counted once, and a preview tells nothing', async () => {
  await using system = await createTestSystem(engine, { repositories: 8, removalLimit: { share: 0, count: 0 } })
  await system.sync('full')
  const { repositories } = await system.truth()
  const gone = repositories.find(({ users }) => users.length > 0)
  const [user] = gone?.users ?? []
  await system.control('/workspaces/acme/changes', {
    type: 'revoke',
    resource: { kind: 'repository', uuid: gone?.uuid },
    principal: { userUuid: user?.userUuid },
  })
  const before = await engine.showMetrics()
  await system.sync('full')
  await system.sync('full')
  const held = growth(before, await engine.showMetrics())
  expect(held).toMatchObject({
    clarity_worker_removals_held_total: 1,
    'clarity_worker_commits_total{result="guarded"}': 1,
    'clarity_worker_events_total{event="sync.held"}': 1,
  })
  const beforePreview = await engine.showMetrics()
  await system.sync('preview')
  const previewed = growth(beforePreview, await engine.showMetrics())
  expect(previewed).toMatchObject({ 'clarity_worker_syncs_total{kind="preview",result="completed"}': 1 })
  expect(Object.keys(previewed).filter((name) => name.startsWith('clarity_worker_events_total'))).toEqual([])
})
