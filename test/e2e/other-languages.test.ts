import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { ensureCommand } from '@clarity/launcher/commands'
import { ensureKafka } from '@clarity/launcher/kafka'
import { type AccessState, LiveView } from '@clarity/subscriber'
import { testKafka } from '@clarity/testkit/kafka'
import { differences, expectedFacts, observedFacts } from '@clarity/testkit/oracles/access'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { testSystem } from './system.ts'

const { bitbucket, acme, feed } = await testSystem()
const { brokers, prefix } = testKafka()
const { topicPrefix } = feed
const slug = 'read-in-java'
const end = 'this far'
const program = fileURLToPath(new URL('../other-languages/AccessFeed.java', import.meta.url))
const { consumer } = await bitbucket.addWorkspace({
  slug,
  users: 30,
  groups: 6,
  projects: 4,
  repositories: 40,
  seed: 8,
})
const { connectionId, sync } = await acme.connectAndSync({ workspace: slug, ...consumer })
beforeAll(async () => {
  await feed.stateAfter(connectionId, sync.id)
})

const Printed = z.object({
  present: z.record(z.string(), z.array(z.string())),
  sequence: z.int(),
  bootstrappedAt: z.int(),
  applied: z.int(),
})

/** Runs the Java program; `bootstrapped` resolves when it has what is there now, `printed` when it has seen the end. */
async function runJava(...options: string[]) {
  const [{ jarsDir }, javac] = await Promise.all([
    ensureKafka(),
    ensureCommand({ command: 'javac', packages: ['openjdk-17-jdk-headless'] }),
  ])
  // The Java beside the compiler: another one on the PATH may have none.
  const java = join(dirname(await realpath(javac)), 'java')
  const args = ['-cp', join(jarsDir, '*'), program, brokers.join(','), topicPrefix, connectionId, end, ...options]
  const running = spawn(java, args)
  afterAll(() => running.kill('SIGKILL'))
  const said: string[] = []
  const bootstrapped = new Promise<void>((resolve, reject) => {
    createInterface({ input: running.stderr }).on('line', (line) => {
      said.push(line)
      if (line.startsWith('bootstrapped ')) resolve()
    })
    running.once('close', () => reject(new Error(`it ended too early:\n${said.join('\n')}`)))
  })
  const printed = Promise.all([text(running.stdout), once(running, 'close')]).then(([output, [exitCode]]) => {
    expect(exitCode, said.join('\n')).toBe(0)
    return Printed.parse(JSON.parse(output))
  })
  return { bootstrapped, printed }
}

/** The ids of what the TypeScript subscriber has, as the Java program prints them. */
function idsOf({ serviceUsers, entitlements, grants, nestings }: AccessState): Record<string, string[]> {
  const kinds = { 'service-user': serviceUsers, entitlement: entitlements }
  const held = { 'service-user-entitlement': grants, 'entitlement-nesting': nestings }
  return Object.fromEntries(Object.entries({ ...kinds, ...held }).map(([kind, ids]) => [kind, [...ids.keys()].sort()]))
}

test('a Java program that was written from the docs alone has the access that the subscriber has, and that is true', async () => {
  const java = await runJava()
  await java.bootstrapped
  await bitbucket.changeAtRandom(slug, 12, 4)
  expect(await acme.sync(connectionId)).toMatchObject({ state: 'completed' })
  const { status } = await acme.call(`/v1/connections/${connectionId}/stream-verifications`, { text: end })
  expect(status).toBe(202)
  const late = await java.printed
  const early = await (await runJava('--from-beginning')).printed

  await using view = new LiveView({ brokers, topicPrefix, groupPrefix: `${prefix}view` })
  await view.start()
  const { state } = view.of(connectionId)
  expect(differences(expectedFacts(await bitbucket.truth(slug)), observedFacts(state))).toEqual([])
  const ids = idsOf(state)
  expect(ids['service-user-entitlement']?.length).toBeGreaterThan(30)
  expect(late.present).toMatchObject(ids)
  expect(early.present).toMatchObject(ids)
  expect(late.bootstrappedAt).toBeGreaterThan(0)
  // It has seen the changes come, one by one, after what it began with.
  expect(late.applied).toBe(late.sequence - late.bootstrappedAt)
  expect(early).toMatchObject({ bootstrappedAt: 0, sequence: late.sequence, applied: late.sequence })
})
