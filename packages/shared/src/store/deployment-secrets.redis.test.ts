import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, test } from 'vitest'
import { InvariantError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'
import { createDeploymentSecrets } from './deployment-secrets.ts'
import { createKeys } from './keys.ts'
import { createVault } from './vault.ts'

const { client: redis, connect } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const vault = createVault(new Secret(Buffer.alloc(32, 1).toString('base64')))
const secrets = createDeploymentSecrets(redis, keys, vault)

beforeEach(() => redis.flushdb())

test('of many services that start at once, all have the same secret, and it is nowhere in the clear', async () => {
  const services = Array.from({ length: 8 }, () => createDeploymentSecrets(connect(), keys, vault))
  const all = await Promise.all(services.map((one, index) => one.ensure('key', () => new Secret(`made by ${index}`))))
  const values = all.map((secret) => secret.reveal())
  expect(values).toEqual(values.map(() => expect.stringMatching(/^made by \d$/)))
  expect(new Set(values).size).toBe(1)
  expect(JSON.stringify(await redis.hgetall(keys.deployment))).not.toContain('made by')
})

test('what several put in its place at once is all done, one after the other', async () => {
  await secrets.ensure('key', () => new Secret(''))
  const services = Array.from({ length: 5 }, () => createDeploymentSecrets(connect(), keys, vault))
  await Promise.all(
    services.map((one, index) => one.replace('key', (present) => new Secret(`${present.reveal()}${index}`))),
  )
  const kept = await secrets.ensure('key', () => new Secret('another'))
  expect([...kept.reveal()].toSorted()).toEqual(['0', '1', '2', '3', '4'])
})

test('one secret cannot be put in the place of another', async () => {
  await secrets.ensure('key', () => new Secret('a secret'))
  await redis.hset(keys.deployment, 'other', (await redis.hget(keys.deployment, 'key')) ?? '')
  await expect(secrets.ensure('other', () => new Secret('b'))).rejects.toThrow('MASTER_KEY')
})

test('what is not there is not replaced', async () => {
  await expect(secrets.replace('key', (present) => present)).rejects.toThrow(InvariantError)
})
