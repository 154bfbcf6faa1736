// Readings of repositories through difference and commit, as a full sync hands them over: node commit-loop.ts <Redis> <scopes>
import { randomUUID } from 'node:crypto'
import type { Connection } from '@clarity/shared/contract/connections'
import { systemClock } from '@clarity/shared/runtime/clock'
import { createLog } from '@clarity/shared/runtime/log'
import { createFactStore } from '@clarity/shared/store/facts'
import { createHoldStore } from '@clarity/shared/store/holds'
import { createKeys } from '@clarity/shared/store/keys'
import { acquireLease } from '@clarity/shared/store/lease'
import { createRedis } from '@clarity/shared/store/redis'
import { ScopeCommitter } from '@clarity/sync-worker/commit-scope'
import { ReadingBuilder, type ScopeOutcome } from '@clarity/sync-worker/scopes/reading'
import { type CommitResult, type CommitRun, factsPerScope } from './commit-options.ts'

const [redisUrl = '', scopeCount = ''] = process.argv.slice(2)
const scopes = Array.from({ length: Number(scopeCount) }, () => randomUUID())
const users = Array.from({ length: 2_000 }, (_, index) => ({
  uuid: `{${randomUUID()}}`,
  type: 'user',
  display_name: `Person ${index}`,
  nickname: `person-${index}`,
}))
/** As a worker reads them. */
const concurrency = 4
/** Stands in for the publisher: what is committed does not pile up. */
const trimEvery = 500
const levels = ['read', 'read', 'write', 'admin']

const connection: Connection = {
  id: 'con_1',
  tenantId: 'bench',
  name: 'Bench',
  uniqueIdentifier: 'bitbucket-bench',
  provider: 'bitbucket-cloud',
  workspace: { uuid: '{w}', slug: 'bench', name: 'Bench' },
  credential: { kind: 'oauth-consumer', key: 'key' },
  createdAt: '2026-11-23T10:00:00.000Z',
}
const log = createLog({ service: 'bench', version: '0.1.0', level: 'warn' })
const redis = createRedis(redisUrl, { whenAway: 'fail', log })
const keys = createKeys({ prefix: 'bench', shards: 1 })
const { lease: leaseKey, fence: fenceKey } = keys.connection(connection.id)
const lease = await acquireLease(redis, { leaseKey, fenceKey, ttlMs: 3_600_000 })
if (lease === null) throw new Error('the lease is held')
const committer = new ScopeCommitter({
  facts: createFactStore(redis, keys),
  holds: createHoldStore(redis, keys),
  clock: systemClock,
  connection,
  syncId: 'syn_1',
  cause: 'full-sync',
  token: lease.token,
  isPreview: false,
  membersOf: () => null,
  count: () => Promise.resolve(),
  metrics: { scopeRead: () => undefined },
})

/** What a read of the repository says in that round: from one to the next one level changes. */
function read(index: number, round: number): ScopeOutcome {
  const uuid = scopes[index] ?? ''
  const builder = new ReadingBuilder()
  for (let grant = 0; grant < factsPerScope; grant++) {
    const user = users[(index * 13 + grant * 97) % users.length]
    const level = grant === 0 && round > 0 ? 'admin' : levels[grant % levels.length]
    if (user !== undefined && level !== undefined) builder.addUser(user, `repository:${uuid}`, level)
  }
  const name = `service-${index}`
  return {
    state: 'complete',
    reading: builder.build({ kind: 'repository', uuid: `{${uuid}}`, slug: name, name }),
    list: null,
  }
}

/** A sync reads them first: whoever holds something is known. */
async function commitMembers(): Promise<void> {
  const builder = new ReadingBuilder()
  for (const user of users) builder.addUser(user, 'workspace', 'member', { workspaceRole: 'member' })
  const { uuid, slug, name } = connection.workspace
  const reading = builder.build({ kind: 'workspace', uuid, slug, name })
  await committer.sync('workspace/members', {
    read: async () => ({ state: 'complete', reading, list: { reported: users.length, pages: users.length / 100 } }),
    look: () => Promise.resolve(false),
  })
}

async function commitAll(round: number): Promise<CommitRun> {
  let next = 0
  const { outbox } = keys.shard(0)
  const work = async () => {
    for (let index = next++; index < scopes.length; index = next++) {
      await committer.sync(`repository/${scopes[index]}`, {
        read: async () => read(index, round),
        look: () => Promise.resolve(false),
      })
      if (index % trimEvery === 0) await redis.xtrim(outbox, 'MAXLEN', 0)
    }
  }
  const [startedAt, before] = [performance.now(), process.cpuUsage()]
  await Promise.all(Array.from({ length: concurrency }, work))
  const { user, system } = process.cpuUsage(before)
  return {
    facts: scopes.length * factsPerScope,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: (user + system) / 1_000_000,
  }
}

await commitMembers()
const result: CommitResult = {
  fresh: await commitAll(0),
  changed: await commitAll(1),
  unchanged: await commitAll(1),
}
redis.disconnect()
process.stdout.write(`${JSON.stringify(result)}\n`)
