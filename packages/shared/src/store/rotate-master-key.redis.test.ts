import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../runtime/secret.ts'
import { createCandidateEmailStore } from './candidate-emails.ts'
import { createDeploymentSecrets } from './deployment-secrets.ts'
import { createKeys } from './keys.ts'
import { type RotationMode, RotationTally, rotateMasterKey } from './rotate-master-key.ts'
import { createVault, type Vault } from './vault.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const keyOf = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))
/** Services before the new key seals and after, and what is left in the end. */
const vaults = { before: createVault(keyOf(1), [keyOf(2)]), after: createVault(keyOf(2), [keyOf(1)]) }
const inTheEnd = createVault(keyOf(2))
const fields = ['credential', 'webhook'] as const

beforeEach(() => redis.flushdb())

/** As it was written when there was one master key. */
function withoutId(sealed: string): string {
  const { keyId: _, ...rest } = JSON.parse(sealed)
  return JSON.stringify(rest)
}

async function turn(vault: Vault, mode: RotationMode): Promise<RotationTally> {
  const tally = new RotationTally()
  for await (const step of rotateMasterKey(redis, keys, vault, mode)) tally.add(step)
  return tally
}

const countsOf = (tally: RotationTally) => ({
  present: tally.count('present'),
  former: tally.count('former'),
  unknown: tally.count('unknown'),
  resealed: tally.count('resealed'),
})

async function dump(): Promise<Record<string, string>> {
  const found = (await redis.keys('*')).toSorted()
  const values = await Promise.all(found.map((key) => redis.dump(key)))
  return Object.fromEntries(found.map((key, index) => [key, values[index] ?? '']))
}

describe('one turn', () => {
  beforeEach(async () => {
    const { record } = keys.connection('con_1')
    await redis.hset(record, {
      record: '{"name":"Acme"}',
      credential: withoutId(vaults.before.seal('con_1', new Secret('a'))),
      webhook: vaults.before.seal('webhook:con_1', new Secret('b')),
    })
    await redis.hset(keys.connection('con_2').record, { record: '{}', credential: '' })
    await redis.hset(keys.connection('con_3').record, 'credential', inTheEnd.seal('con_3', new Secret('c')))
    await createCandidateEmailStore(redis, keys, vaults.before).add('con_1', ['ann@example.com'])
    await createDeploymentSecrets(redis, keys, vaults.before).ensure('a-key', () => new Secret('d'))
  })

  test('brings the credentials, what else a connection keeps, the keys of addresses and of the deployment under the new one', async () => {
    expect(countsOf(await turn(vaults.after, 'check'))).toEqual({ present: 1, former: 4, unknown: 0, resealed: 0 })
    expect(countsOf(await turn(vaults.after, 'seal'))).toEqual({ present: 1, former: 0, unknown: 0, resealed: 4 })
    expect(countsOf(await turn(inTheEnd, 'check'))).toEqual({ present: 5, former: 0, unknown: 0, resealed: 0 })
    const { credential = '', webhook = '', record } = await redis.hgetall(keys.connection('con_1').record)
    expect(inTheEnd.open('con_1', credential).reveal()).toBe('a')
    expect(inTheEnd.open('webhook:con_1', webhook).reveal()).toBe('b')
    expect(record).toBe('{"name":"Acme"}')
    const batch = await createCandidateEmailStore(redis, keys, inTheEnd).takeBatch('con_1')
    expect(batch?.addresses).toEqual(['ann@example.com'])
    const kept = await createDeploymentSecrets(redis, keys, inTheEnd).ensure('a-key', () => new Secret('another'))
    expect(kept.reveal()).toBe('d')
  })

  test('that only looks changes nothing', async () => {
    const before = await dump()
    await turn(vaults.after, 'check')
    expect(await dump()).toEqual(before)
  })

  test('leaves alone whatever is not the deployment’s, and what expires by itself', async () => {
    const sealed = vaults.before.seal('con_1', new Secret('a'))
    const { record } = keys.connection('con_1')
    const others = [`${record}:sync:syn_1`, `${record}:emails:waiting`, 'test:{s9}:con_1', 'other:{s1}:con_1', 'con_1']
    for (const key of others) await redis.hset(key, 'credential', sealed)
    await turn(vaults.after, 'seal')
    for (const key of others) expect(await redis.hget(key, 'credential'), key).toBe(sealed)
  })

  test('leaves what no key opens as it is, and says where it is', async () => {
    const { record } = keys.connection('con_2')
    const foreign = createVault(keyOf(3)).seal('con_2', new Secret('e'))
    const moved = vaults.before.seal('con_1', new Secret('a'))
    await redis.hset(record, { credential: foreign, webhook: moved })
    const tally = await turn(vaults.after, 'seal')
    expect(countsOf(tally)).toMatchObject({ unknown: 2, resealed: 4 })
    expect(tally.unknown.map(({ key, field }) => `${key} ${field}`).toSorted()).toEqual(
      fields.map((field) => `${record} ${field}`),
    )
    expect(await redis.hmget(record, ...fields)).toEqual([foreign, moved])
  })

  test('forgets what no key opens, when that is wished, so that another secret can take its place; all else stays', async () => {
    await createDeploymentSecrets(redis, keys, createVault(keyOf(3))).ensure('lost', () => new Secret('d'))
    const lost = createVault(keyOf(3))
    const { record, emails } = keys.connection('con_2')
    const sealed = {
      credential: lost.seal('con_2', new Secret('e')),
      webhook: lost.seal('webhook:con_2', new Secret('f')),
    }
    await redis.hset(record, sealed)
    await createCandidateEmailStore(redis, keys, lost).add('con_2', ['bea@example.com'])
    const before = await dump()
    const tally = await turn(vaults.after, 'forget')
    expect([tally.count('forgotten'), tally.count('present'), tally.count('former')]).toEqual([4, 1, 4])
    expect(await redis.hgetall(record)).toEqual({ record: '{}', credential: '' })
    expect(await redis.hkeys(keys.deployment)).toEqual(['a-key'])
    for (const key of [record, keys.deployment, emails.state, emails.waiting]) delete before[key]
    expect(await dump()).toMatchObject(before)
    expect(await createCandidateEmailStore(redis, keys, vaults.after).add('con_2', ['bea@example.com'])).toMatchObject({
      accepted: 1,
    })
  })

  test('does not forget what was given anew meanwhile', async () => {
    const { record } = keys.connection('con_2')
    await redis.hset(record, 'credential', createVault(keyOf(3)).seal('con_2', new Secret('e')))
    const renewed = inTheEnd.seal('con_2', new Secret('given anew'))
    const tally = new RotationTally()
    for await (const step of rotateMasterKey(redis, keys, vaults.after, 'forget')) {
      tally.add(step)
      if (step.type === 'read' && step.key === record) await redis.hset(record, 'credential', renewed)
    }
    expect(tally.count('forgotten')).toBe(0)
    expect(await redis.hget(record, 'credential')).toBe(renewed)
  })
})
