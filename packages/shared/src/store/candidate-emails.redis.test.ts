import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ServiceUserId } from '../contract/ids.ts'
import { Secret } from '../runtime/secret.ts'
import { batchMax, type CandidateBatch, candidatesMax, createCandidateEmailStore } from './candidate-emails.ts'
import { createKeys } from './keys.ts'
import { createVault } from './vault.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const masterKey = new Secret(Buffer.alloc(32, 1).toString('base64'))
const vault = createVault(masterKey)
const store = createCandidateEmailStore(redis, keys, vault)
const ownKeys = keys.connection('con_1').emails
const ann = 'ann@example.com'
const bea = 'bea@example.com'
const noHits = new Map<ServiceUserId, string>()

beforeEach(() => redis.flushdb())

const addresses = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `p${from + n}@example.com`)

async function takeBatch(): Promise<CandidateBatch> {
  const batch = await store.takeBatch('con_1')
  if (batch === null) throw new Error('nothing waits')
  return batch
}

/** Asks about all that waits; these are the hits. */
async function settleAll(hits: ReadonlyMap<ServiceUserId, string> = noHits): Promise<void> {
  for (let batch = await store.takeBatch('con_1'); batch !== null; batch = await store.takeBatch('con_1')) {
    await store.settle('con_1', batch, hits)
  }
}

describe('an address', () => {
  test('that waits is not taken twice', async () => {
    expect(await store.add('con_1', [ann, bea])).toEqual({ accepted: 2, alreadyKnown: 0, waiting: 2 })
    expect(await store.add('con_1', [ann, 'cleo@example.com'])).toEqual({ accepted: 1, alreadyKnown: 1, waiting: 3 })
  })

  test('that is confirmed is kept with its user and never asked about again, whoever comes', async () => {
    await store.add('con_1', [ann, bea])
    await settleAll(new Map([['user:a', ann]]))
    await store.raiseMembershipEpoch('con_1')
    expect(await store.readHits('con_1')).toEqual(new Map([['user:a', ann]]))
    expect(await store.add('con_1', [ann])).toEqual({ accepted: 0, alreadyKnown: 1, waiting: 0 })
  })

  test('that is nobody’s is asked about again only after somebody new has come, and only when it is sent again', async () => {
    await store.add('con_1', [ann])
    await settleAll()
    expect(await store.add('con_1', [ann])).toEqual({ accepted: 0, alreadyKnown: 1, waiting: 0 })
    await store.raiseMembershipEpoch('con_1')
    expect(await store.takeBatch('con_1')).toBeNull()
    expect(await store.add('con_1', [ann])).toEqual({ accepted: 1, alreadyKnown: 0, waiting: 1 })
  })

  test('that was asked about while somebody new came may be asked about again', async () => {
    await store.add('con_1', [ann])
    const batch = await takeBatch()
    await store.raiseMembershipEpoch('con_1')
    await store.settle('con_1', batch, noHits)
    expect(await store.takeBatch('con_1')).toBeNull()
    expect(await store.add('con_1', [ann])).toMatchObject({ accepted: 1 })
  })
})

describe('a batch', () => {
  test('has 90 addresses at most, and all of them are asked about in the end, once', async () => {
    await store.add('con_1', addresses(200))
    const sizes: number[] = []
    const asked: string[] = []
    for (let batch = await store.takeBatch('con_1'); batch !== null; batch = await store.takeBatch('con_1')) {
      sizes.push(batch.addresses.length)
      asked.push(...batch.addresses)
      await store.settle('con_1', batch, noHits)
    }
    expect(sizes).toEqual([batchMax, batchMax, 20])
    expect(asked.toSorted()).toEqual(addresses(200).toSorted())
  })

  test('that is not settled goes on waiting', async () => {
    await store.add('con_1', [ann, bea])
    await takeBatch()
    expect((await takeBatch()).addresses.toSorted()).toEqual([ann, bea])
    expect(await store.readStatus('con_1')).toEqual({ waiting: 2, membershipEpoch: 0, askedInEpoch: false })
  })

  test('that is settled twice, and otherwise, stays as it was settled first', async () => {
    await store.add('con_1', [ann, bea])
    const batch = await takeBatch()
    await store.settle('con_1', batch, new Map([['user:a', ann]]))
    await store.settle('con_1', batch, new Map([['user:b', bea]]))
    expect(await store.readHits('con_1')).toEqual(new Map([['user:a', ann]]))
    expect(await store.readStatus('con_1')).toEqual({ waiting: 0, membershipEpoch: 0, askedInEpoch: true })
  })

  test('keeps no hit that it did not ask about', async () => {
    await store.add('con_1', [ann])
    const batch = await takeBatch()
    await store.add('con_1', [bea])
    await store.settle('con_1', batch, new Map([['user:b', bea]]))
    expect(await store.readHits('con_1')).toEqual(new Map())
    expect((await takeBatch()).addresses).toEqual([bea])
  })
})

test('a new member makes it unknown again whether they were asked about', async () => {
  await store.add('con_1', [ann])
  await settleAll()
  await store.raiseMembershipEpoch('con_1')
  expect(await store.readStatus('con_1')).toEqual({ waiting: 0, membershipEpoch: 1, askedInEpoch: false })
})

describe('a service user', () => {
  test('who has another address now has that one alone, and the former one may be asked about again', async () => {
    await store.add('con_1', [ann])
    await settleAll(new Map([['user:a', ann]]))
    await store.add('con_1', [bea])
    await settleAll(new Map([['user:a', bea]]))
    expect(await store.readHits('con_1')).toEqual(new Map([['user:a', bea]]))
    expect(await store.add('con_1', [ann, bea])).toEqual({ accepted: 1, alreadyKnown: 1, waiting: 1 })
  })

  test('who is forgotten leaves nothing behind, and the others stay', async () => {
    await store.add('con_1', [ann, bea])
    await settleAll(
      new Map([
        ['user:a', ann],
        ['user:b', bea],
      ]),
    )
    await store.forget('con_1', ['user:a', 'user:unknown'])
    expect(await store.readHits('con_1')).toEqual(new Map([['user:b', bea]]))
    expect(await redis.scard(ownKeys.confirmed)).toBe(1)
    expect(await store.add('con_1', [ann, bea])).toMatchObject({ accepted: 1 })
  })
})

test('thousands of hits are read whole', async () => {
  const all = addresses(1_500)
  await store.add('con_1', all)
  await settleAll(new Map(all.map((address, n) => [`user:${n}`, address])))
  expect([...(await store.readHits('con_1'))].length).toBe(1_500)
})

describe('what is stored', () => {
  test('shows no address, neither in clear nor encoded, whether it waits, hit or missed', async () => {
    const [waiting, hit, missed] = ['annabella@example.com', 'beatrice@example.com', 'cleopatra@example.com'] as const
    for (const planted of [
      hit,
      ...(['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(hit).toString(as)),
    ]) {
      await redis.set('planted', planted)
      expect(findReadable(await dump(), [waiting, hit, missed])).toEqual([hit])
    }
    await redis.del('planted')

    await store.add('con_1', [waiting, hit, missed])
    await store.settle('con_1', { membershipEpoch: 0, addresses: [hit, missed] }, new Map([['user:a', hit]]))
    const text = await dump()
    expect(text).toContain('user:a')
    expect(findReadable(text, [waiting, hit, missed, 'annabella', 'beatrice', 'cleopatra', 'example.com'])).toEqual([])
  })

  test('of a miss is nothing but a fingerprint', async () => {
    await store.add('con_1', [bea])
    await settleAll()
    expect((await redis.keys('*')).toSorted()).toEqual([ownKeys.state, ownKeys.misses].toSorted())
    expect(await redis.smembers(ownKeys.misses)).toEqual([expect.stringMatching(/^[\w-]{22}$/)])
  })

  test('of a miss is nothing at all once somebody new has come', async () => {
    await store.add('con_1', [bea])
    await settleAll()
    await store.raiseMembershipEpoch('con_1')
    expect(await redis.keys('*')).toEqual([ownKeys.state])
  })

  test('links no two connections: the same address has another fingerprint in each', async () => {
    await store.add('con_1', [ann])
    await store.add('con_2', [ann])
    const others = keys.connection('con_2').emails
    expect(await redis.hkeys(ownKeys.waiting)).not.toEqual(await redis.hkeys(others.waiting))
  })

  test('does not open under another master key', async () => {
    await store.add('con_1', [ann])
    const other = createVault(new Secret(Buffer.alloc(32, 2).toString('base64')))
    await expect(createCandidateEmailStore(redis, keys, other).takeBatch('con_1')).rejects.toThrow('MASTER_KEY')
  })
})

test('addresses are taken also while their data key is sealed under a new master key', async () => {
  const both = createVault(new Secret(Buffer.alloc(32, 2).toString('base64')), [masterKey])
  // Sealed anew after the data key was read, before the addresses are put on the list.
  const late = Object.create(redis, {
    evalsha: {
      async value(...args: Parameters<typeof redis.evalsha>) {
        const resealing = both.reseal('con_1', (await redis.hget(ownKeys.state, 'key')) ?? '')
        if (resealing.state === 'former') await redis.hset(ownKeys.state, 'key', resealing.resealed)
        return redis.evalsha(...args)
      },
    },
  }) as typeof redis // The same client but for one command.
  await createCandidateEmailStore(late, keys, vault).add('con_1', [ann])
  expect((await createCandidateEmailStore(redis, keys, both).takeBatch('con_1'))?.addresses).toEqual([ann])
  await expect(store.takeBatch('con_1')).rejects.toThrow('MASTER_KEY')
})

describe('an erasure', () => {
  test('takes everything of the connection and nothing of another one', async () => {
    await store.add('con_2', [ann])
    const before = await dump()
    await store.add('con_1', [ann, bea])
    await settleAll(new Map([['user:a', ann]]))
    await store.add('con_1', ['cleo@example.com'])
    await store.erase('con_1')
    expect(await dump()).toBe(before)
  })

  test('is not undone by a batch that was under way', async () => {
    await store.add('con_1', [ann, bea])
    const batch = await takeBatch()
    await store.erase('con_1')
    await store.settle('con_1', batch, new Map([['user:a', ann]]))
    expect(await redis.keys('*')).toEqual([])
  })

  test('is not undone by addresses that were being taken', async () => {
    // Erased after the data key was read, before the addresses are put on the list.
    const late = Object.create(redis, {
      evalsha: {
        async value(...args: Parameters<typeof redis.evalsha>) {
          await store.erase('con_1')
          return redis.evalsha(...args)
        },
      },
    }) as typeof redis // The same client but for one command.
    await store.add('con_1', [ann])
    const adding = createCandidateEmailStore(late, keys, vault).add('con_1', [bea])
    await expect(adding).rejects.toMatchObject({ code: 'no-such-connection', status: 404 })
    expect(await redis.keys('*')).toEqual([])
  })
})

test('no call is larger than 256 KiB and nothing stored is larger than 2 KiB, with the longest addresses there are', async () => {
  const long = (n: number) => `${String(n).padStart(4, '0')}${'語'.repeat(238)}@example.com`
  const calls: number[] = []
  const counting = Object.create(redis, {
    evalsha: {
      value(...args: Parameters<typeof redis.evalsha>) {
        calls.push(args.reduce<number>((sum, arg) => sum + Buffer.byteLength(String(arg)), 0))
        return redis.evalsha(...args)
      },
    },
  }) as typeof redis // The same client but for one command.
  const all = Array.from({ length: 500 }, (_, n) => long(n))
  const counted = createCandidateEmailStore(counting, keys, vault)
  await counted.add('con_1', all)
  const batch = await takeBatch()
  await counted.settle('con_1', batch, new Map(batch.addresses.map((address, n) => [`user:${n}`, address])))
  expect(calls).toHaveLength(4)
  expect(Math.max(...calls)).toBeLessThan(256 * 1024)
  const sizes = [...(await redis.hvals(ownKeys.waiting)), ...(await redis.hvals(ownKeys.hits))].map(
    (value) => value.length,
  )
  expect(sizes).toHaveLength(500)
  expect(Math.max(...sizes)).toBeLessThan(2_048)
})

test('more addresses than a connection may have are refused, and none is lost', async () => {
  await store.add('con_1', [ann])
  for (let from = 0; from < candidatesMax - 1; from += 10_000) {
    const misses = addresses(Math.min(10_000, candidatesMax - 1 - from), from)
    await redis.sadd(ownKeys.misses, ...misses)
  }
  await expect(store.add('con_1', [bea])).rejects.toMatchObject({ code: 'too-many-candidate-emails', status: 409 })
  expect(await store.add('con_1', [ann])).toEqual({ accepted: 0, alreadyKnown: 1, waiting: 1 })
  await store.raiseMembershipEpoch('con_1')
  expect(await store.add('con_1', [bea])).toMatchObject({ accepted: 1 })
})

/** Every key with all that is in it. */
async function dump(): Promise<string> {
  const names = (await redis.keys('*')).toSorted()
  const entries = await Promise.all(names.map(async (name) => [name, await readKey(name)]))
  return JSON.stringify(entries)
}

async function readKey(name: string): Promise<unknown> {
  const type = await redis.type(name)
  if (type === 'hash') return Object.entries(await redis.hgetall(name)).toSorted()
  if (type === 'set') return (await redis.smembers(name)).toSorted()
  if (type === 'string') return redis.get(name)
  throw new Error(`no way to read a ${type}`)
}

/** Those of the words that stand in the text, in clear, in hexadecimal or in base64. */
function findReadable(text: string, words: readonly string[]): string[] {
  const runs = [...text.matchAll(/[\w+/-]{8,}/g)].map(([run]) => run)
  const decoded = (['hex', 'base64'] as const).flatMap((as) =>
    runs.map((run) => Buffer.from(run, as).toString('latin1')),
  )
  return words.filter((word) => [text, ...decoded].some((each) => each.toLowerCase().includes(word)))
}
