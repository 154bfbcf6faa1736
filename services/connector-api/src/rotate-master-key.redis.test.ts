import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { verifyEvidence } from '@clarity/shared/evidence/sign'
import { readEvidenceSigner } from '@clarity/shared/evidence/signing-key'
import { Secret } from '@clarity/shared/runtime/secret'
import { createDeploymentSecrets } from '@clarity/shared/store/deployment-secrets'
import { createKeys } from '@clarity/shared/store/keys'
import { createVault, masterKeyId, type Vault } from '@clarity/shared/store/vault'
import { exampleEvidence } from '@clarity/shared/testing/evidence'
import { testRedis } from '@clarity/testkit/redis'
import { beforeEach, expect, onTestFinished, test } from 'vitest'

const { url, client: redis } = await testRedis()
const keys = createKeys({ prefix: 'clarity', shards: 64 })
const keyOf = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))
const [old, present] = [keyOf(1), keyOf(2)]
const [before, after] = [createVault(old), createVault(present)]
const during = { MASTER_KEY: present.reveal(), MASTER_KEYS_PREVIOUS: old.reveal() }
const script = fileURLToPath(new URL('./rotate-master-key.ts', import.meta.url))

beforeEach(() => redis.flushdb())

function start(args: readonly string[], env: Record<string, string>, redisUrl = url): ChildProcess {
  const child = spawn(process.execPath, [script, ...args], { env: { REDIS_URL: redisUrl, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function run(args: readonly string[], env: Record<string, string>, redisUrl = url) {
  const child = start(args, env, redisUrl)
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const [status] = await once(child, 'close')
  return { status, output }
}

async function save(vault: Vault, ids: readonly string[]) {
  for (const id of ids) {
    await redis.hset(keys.connection(id).record, 'credential', vault.seal(id, new Secret(`of ${id}`)))
  }
}

const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `con_${n}`)

test('says what is under which key, seals anew, and says when the old key can be taken away', async () => {
  await save(before, ['con_1', 'con_2'])
  await save(after, ['con_3'])
  const checked = await run(['--check'], during)
  expect(checked).toMatchObject({ status: 1 })
  expect(checked.output).toContain(`The master key ${masterKeyId(present)} seals; ${masterKeyId(old)} opens as well.`)
  expect(checked.output).toContain('Under it: 1. Under another key that was given: 2. Under none that was given: 0.')
  const rotated = await run([], during)
  expect(rotated).toMatchObject({ status: 0 })
  expect(rotated.output).toContain('Sealed anew: 2. Already under it: 1. Failed: 0.')
  expect(rotated.output).toContain('All 3 secrets are under it, and the other keys can be taken away')
  expect(await run(['--check'], { MASTER_KEY: present.reveal() })).toMatchObject({ status: 0 })
  expect(await run([], during)).toMatchObject({ status: 0, output: expect.stringContaining('Sealed anew: 0. Already') })
  for (const id of ['con_1', 'con_2', 'con_3']) {
    const sealed = (await redis.hget(keys.connection(id).record, 'credential')) ?? ''
    expect(after.open(id, sealed).reveal()).toBe(`of ${id}`)
  }
})

test('killed half-way, it has lost nothing, and the next run does the rest', async () => {
  const ids = idsOf(50)
  await save(before, ids)
  const proxy = await startProxy(60)
  const child = start([], during, proxy.url)
  await proxy.stalled
  child.kill('SIGKILL')
  await once(child, 'close')
  const both = createVault(present, [old])
  const states = []
  for (const id of ids) {
    const sealed = (await redis.hget(keys.connection(id).record, 'credential')) ?? ''
    expect(both.open(id, sealed).reveal()).toBe(`of ${id}`)
    states.push(both.reseal(id, sealed).state)
  }
  expect(new Set(states)).toEqual(new Set(['present', 'former']))
  const done = states.filter((state) => state === 'present').length
  const rest = await run([], during)
  expect(rest).toMatchObject({ status: 0 })
  expect(rest.output).toContain(`Sealed anew: ${50 - done}. Already under it: ${done}. Failed: 0.`)
})

test('what no key opens is named by its place, and nothing can be taken away then', async () => {
  await save(createVault(keyOf(3)), ['con_1'])
  await save(before, ['con_2'])
  for (const args of [[], ['--check']]) {
    const { status, output } = await run(args, during)
    expect(status).toBe(1)
    expect(output).toContain(`no key that was given opens credential of ${keys.connection('con_1').record}`)
    expect(output).not.toContain('can be taken away')
  }
})

test('the key of evidence stays, unless a new one is wished, and then what the former one has signed is verified', async () => {
  const secrets = createDeploymentSecrets(redis, keys, before)
  const first = await readEvidenceSigner(secrets, old)
  expect(await run([], during)).toMatchObject({ status: 0 })
  const read = () => readEvidenceSigner(createDeploymentSecrets(redis, keys, after), present)
  expect((await read()).publicKeysPem).toBe(first.publicKeysPem)
  const renewed = await run(['--new-signing-key'], { MASTER_KEY: present.reveal() })
  const second = await read()
  expect(renewed.output).toContain(`${second.keyId} instead of ${first.keyId}`)
  expect(second.keyId).not.toBe(first.keyId)
  expect(verifyEvidence(first.sign(exampleEvidence), second.publicKeysPem)).toMatchObject({ state: 'valid' })
})

test('with a lost key, what it sealed is forgotten only by whoever says how much that is, and then all goes on', async () => {
  await save(before, ['con_1', 'con_2'])
  await readEvidenceSigner(createDeploymentSecrets(redis, keys, before), old)
  await save(after, ['con_3'])
  const env = { MASTER_KEY: present.reveal() }
  const refused = await run(['--forget-unknown', '2'], env)
  expect(refused).toMatchObject({ status: 1, output: expect.stringContaining('opens 3 secrets, not 2. Nothing is') })
  expect(await run(['--check'], env)).toMatchObject({ status: 1 })
  expect(await run(['--forget-unknown', '3'], env)).toMatchObject({ status: 0 })
  expect(await run(['--check'], env)).toMatchObject({ status: 0 })
  expect(await redis.hget(keys.connection('con_1').record, 'credential')).toBe('')
  const kept = (await redis.hget(keys.connection('con_3').record, 'credential')) ?? ''
  expect(after.open('con_3', kept).reveal()).toBe('of con_3')
  await readEvidenceSigner(createDeploymentSecrets(redis, keys, after), present)
})

test.each([[['--chek']], [['--forget-unknown']], [['--forget-unknown', '1', '2']], [['--check', '--new-signing-key']]])(
  '%s is not understood, and does nothing',
  async (args) => {
    await save(before, ['con_1'])
    const { status, output } = await run(args, during)
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('Usage') })
    expect(before.open('con_1', (await redis.hget(keys.connection('con_1').record, 'credential')) ?? '')).toBeDefined()
  },
)

test('nothing that it prints has a key, a secret or the password of Redis in it', async () => {
  await save(before, ['con_1'])
  const withPassword = new URL(url)
  withPassword.username = 'nobody'
  withPassword.password = 'planted-password'
  const outputs = [
    await run([], during),
    await run([], { ...during, MASTER_KEYS_PREVIOUS: 'half-of-a-key' }),
    await run([], during, withPassword.href),
    await run([], during, 'redis://nobody:planted-password@localhost:1'),
  ]
  expect(outputs.map(({ status }) => status)).toEqual([0, 1, 1, 1])
  for (const { output } of outputs) {
    for (const planted of [old.reveal(), present.reveal(), 'planted-password', 'half-of-a-key', 'of con_1']) {
      expect(output).not.toContain(planted)
    }
  }
})

/** Stands before Redis; after so many of its answers nothing comes through any more. */
async function startProxy(answersMax: number) {
  const { promise: stalled, resolve } = Promise.withResolvers<void>()
  const { hostname, port, pathname } = new URL(url)
  const sockets: Socket[] = []
  let answers = 0
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    sockets.push(client, upstream)
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
    client.on('data', (chunk) => answers < answersMax && upstream.write(chunk))
    upstream.on('data', (chunk) => {
      answers += 1
      if (answers < answersMax) client.write(chunk)
      else resolve()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  // A TCP server has an address with a port.
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`, stalled }
}
