import { testRedis } from '@clarity/testkit/redis'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConnectionId } from '../contract/ids.ts'
import { Secret } from '../runtime/secret.ts'
import { createCandidateEmailStore } from './candidate-emails.ts'
import { createDeploymentSecrets, deploymentOwner } from './deployment-secrets.ts'
import { forgetConnection } from './forget-connection.ts'
import { createKeys } from './keys.ts'
import { type RotationMode, RotationTally, rotateMasterKey } from './rotate-master-key.ts'
import { createVault, type Vault } from './vault.ts'

const { client: redis } = await testRedis()
const keys = createKeys({ prefix: 'test', shards: 4 })
const keyOf = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))
/** Services before the new key seals and after, and what is left in the end. */
const vaults = { before: createVault(keyOf(1), [keyOf(2)]), after: createVault(keyOf(2), [keyOf(1)]) }
const inTheEnd = createVault(keyOf(2))
const connectionIds = ['con_1', 'con_2', 'con_3'] as const satisfies ConnectionId[]
const fields = ['credential', 'webhook'] as const

const ownerOf = (id: string, field: (typeof fields)[number]) => (field === 'credential' ? id : `${field}:${id}`)

async function turn(vault: Vault, mode: RotationMode): Promise<RotationTally> {
  const tally = new RotationTally()
  for await (const step of rotateMasterKey(redis, keys, vault, mode)) tally.add(step)
  return tally
}

/** What services do while the keys are changed; `who` is the one that was started anew already, or not yet. */
const Who = fc.constantFrom('before' as const, 'after' as const)
const Id = fc.constantFrom(...connectionIds)
const Step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('rotate' as const), steps: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      who: Who,
      id: Id,
      field: fc.constantFrom(...fields),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('address' as const), who: Who, id: Id }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('remove' as const), id: Id }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('kill' as const) }) },
)

type Step = typeof Step extends fc.Arbitrary<infer S> ? S : never

/** What must be there, in the clear. */
class Model {
  readonly secrets = new Map<string, string>()
  readonly addresses = new Map<string, Set<string>>()
  #written = 0

  next(): string {
    return `value-${++this.#written}`
  }

  async expectOpenBy(vault: Vault): Promise<void> {
    for (const id of connectionIds) {
      for (const field of fields) {
        const sealed = await redis.hget(keys.connection(id).record, field)
        const value = sealed === null ? undefined : vault.open(ownerOf(id, field), sealed).reveal()
        expect(value).toBe(this.secrets.get(`${id} ${field}`))
      }
      const batch = await createCandidateEmailStore(redis, keys, vault).takeBatch(id)
      expect(batch?.addresses.toSorted() ?? []).toEqual([...(this.addresses.get(id) ?? [])].toSorted())
    }
    const sealed = (await redis.hget(keys.deployment, 'a-key')) ?? ''
    expect(vault.open(deploymentOwner('a-key'), sealed).reveal()).toBe('of the deployment')
  }
}

async function perform(model: Model, step: Exclude<Step, { does: 'rotate' | 'kill' }>) {
  const { id } = step
  if (step.does === 'write') {
    const value = model.next()
    const sealed = vaults[step.who].seal(ownerOf(id, step.field), new Secret(value))
    await redis.hset(keys.connection(id).record, step.field, sealed)
    model.secrets.set(`${id} ${step.field}`, value)
  } else if (step.does === 'address') {
    const address = `${model.next()}@example.com`
    await createCandidateEmailStore(redis, keys, vaults[step.who]).add(id, [address])
    model.addresses.set(id, (model.addresses.get(id) ?? new Set()).add(address))
  } else {
    await forgetConnection(redis, keys, id)
    for (const field of fields) model.secrets.delete(`${id} ${field}`)
    model.addresses.delete(id)
  }
}

test('services write and read while it runs and is killed anywhere: all opens at any time, and by the new key alone once a look finds nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { maxLength: 40 }), fc.array(Step, { maxLength: 10 }), async (during, late) => {
      await redis.flushdb()
      const model = new Model()
      await createDeploymentSecrets(redis, keys, vaults.before).ensure('a-key', () => new Secret('of the deployment'))
      for (const id of connectionIds) await perform(model, { does: 'write', who: 'before', id, field: 'credential' })
      let rotation = rotateMasterKey(redis, keys, vaults.after, 'seal')
      // Once the last service of before is gone, all write as those after it do.
      for (const step of [...during, ...late.map((one) => ('who' in one ? { ...one, who: 'after' as const } : one))]) {
        if (step.does === 'kill') await rotation.return()
        else if (step.does === 'rotate') {
          for (let n = 0; n < step.steps; n++) {
            if ((await rotation.next()).done) rotation = rotateMasterKey(redis, keys, vaults.after, 'seal')
          }
        } else await perform(model, step)
        await model.expectOpenBy(vaults.before)
        await model.expectOpenBy(vaults.after)
      }
      await rotation.return()
      await turn(vaults.after, 'seal')
      for (const id of connectionIds) await perform(model, { does: 'write', who: 'after', id, field: 'webhook' })
      const left = await turn(vaults.after, 'check')
      expect([left.count('former'), left.count('unknown')]).toEqual([0, 0])
      await model.expectOpenBy(inTheEnd)
    }),
    { numRuns: 40 },
  )
})
