import { testRedisCluster } from '@clarity/testkit/redis-cluster'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ConnectionId } from '../contract/ids.ts'
import { createLog } from '../runtime/log.ts'
import { Secret } from '../runtime/secret.ts'
import { forgetConnection } from './forget-connection.ts'
import { createKeys } from './keys.ts'
import { createRedis, toDependencyError } from './redis.ts'
import { rotateMasterKey } from './rotate-master-key.ts'
import { createVault } from './vault.ts'

/** Three masters, each with a replica: a part of the keys is on each. */
const cluster = await testRedisCluster({ replicas: 1 })
const log = createLog({ service: 'test', version: '0', level: 'silent' })
const [patient, hasty] = [
  createRedis(cluster.url, { whenAway: 'wait', log }),
  createRedis(cluster.url, { whenAway: 'fail', log }),
]
afterAll(() => {
  for (const redis of [patient, hasty]) redis.disconnect()
})
beforeAll(async () => {
  await Promise.all([patient.ping(), hasty.ping()])
})

const keys = createKeys({ prefix: 'clarity', shards: 64 })
const connectionIds = Array.from({ length: 20 }, (_, index) => ConnectionId.parse(`con_${index}`))

test('a connection is forgotten whole, on whichever master it is, and no other one with it', async () => {
  const own = (id: ConnectionId) => [keys.connection(id).facts, keys.connection(id).scopes]
  for (const key of connectionIds.flatMap(own)) await patient.hset(key, 'field', 'value')
  const [gone, ...others] = connectionIds
  if (gone === undefined) expect.fail('there is none')
  await forgetConnection(patient, keys, gone)
  expect(await patient.exists(...own(gone))).toBe(0)
  for (const id of others) expect(await patient.exists(...own(id))).toBe(2)
})

test('the secrets of all connections are found, on whichever master they are', async () => {
  const key = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))
  const former = createVault(key(1), [])
  for (const id of connectionIds) {
    await patient.hset(keys.connection(id).record, 'credential', former.seal(id, new Secret('planted')))
  }
  const resealed = new Set<string>()
  for await (const step of rotateMasterKey(patient, keys, createVault(key(2), [key(1)]), 'seal')) {
    if (step.type === 'resealed') resealed.add(step.key)
  }
  expect(resealed.size).toBe(connectionIds.length)
})

test('while a master is away who cannot wait is told so, who can is answered by the replica that takes its place', async () => {
  const all = Array.from({ length: keys.shards }, (_, shard) => keys.shard(shard).published)
  await Promise.all(all.map((key) => patient.set(key, 'kept')))
  await Promise.all(all.map((key) => hasty.get(key)))
  const [victim] = await cluster.masters()
  await victim?.process.kill()
  onTestFinished(async () => victim?.process.restart())
  const beganAt = performance.now()
  const awaited = Promise.all(all.map((key) => patient.append(key, ' on')))
  const outcomes = await Promise.allSettled(all.map((key) => hasty.get(key)))
  expect(performance.now() - beganAt).toBeLessThan(2_000)
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(all.length)
  for (const { reason } of refused) expect(toDependencyError(reason)).toMatchObject({ code: 'redis-unavailable' })
  await awaited
  expect(await Promise.all(all.map((key) => hasty.get(key)))).toEqual(all.map(() => 'kept on'))
})

test('of a cluster that is not there who cannot wait is told within seconds', async () => {
  const nobody = createRedis('redis+cluster://127.0.0.1:1,127.0.0.1:2', { whenAway: 'fail', log })
  onTestFinished(() => nobody.disconnect())
  const error = await nobody.get('key').catch(toDependencyError)
  expect(error).toMatchObject({ code: 'redis-unavailable' })
})
