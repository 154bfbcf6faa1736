import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LaunchError } from '@clarity/launcher/errors'
import { stopAll } from '@clarity/launcher/processes'
import { type RunningSystem, startSystem } from '@clarity/launcher/system'
import { createConnector } from './connector.ts'
import { Screen } from './screen.ts'
import { type Servers, startServers } from './servers.ts'
import { tellStory } from './story.ts'

const once = process.argv.includes('--once')
const screen = new Screen(process.stdout)
const run = randomBytes(4).toString('hex')
const tenant = { name: 'acme', key: randomBytes(16).toString('hex') }
const operatorKey = randomBytes(16).toString('hex')
const workspace = {
  slug: 'acme',
  users: 240,
  groups: 16,
  projects: 12,
  repositories: 400,
  seed: 1,
  consumer: { key: 'demo-consumer-key', secret: randomBytes(24).toString('hex') },
}

const stopping = new AbortController()
const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Asked twice, it leaves at once; what it started is killed with it.
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort()
  })
}

const dir = await mkdtemp(join(tmpdir(), 'clarity-demo-'))
const running: { stop(): Promise<unknown> }[] = []
let told = false
try {
  await Promise.race([demo(), stopped])
} catch (error) {
  if (!(error instanceof LaunchError)) throw error
  process.stderr.write(`\n${error.message}\nThe logs are in ${dir}.\n`)
  process.exitCode = 1
} finally {
  await stopAll(running)
  if (process.exitCode !== 1) await rm(dir, { recursive: true, force: true })
}
// Interrupted in the middle of a step, that step would go on.
if (stopping.signal.aborted) process.exit(told ? 0 : 130)

async function demo(): Promise<void> {
  screen.heading('Starting')
  const servers = await startServers(screen, dir, process.env, running)
  const names = { keyPrefix: `demo-${run}`, topicPrefix: `demo-${run}.bitbucket` }
  const system = await screen.step('simulated Bitbucket, connector-api, sync-worker, publisher', () =>
    startSystem({ ...servers, ...names, apiKeys: { [tenant.name]: tenant.key }, operatorKey, logDir: dir, workspace }),
  )
  running.push(system)
  const story = tellStory({ system, brokers: servers.brokers, groupId: `demo-${run}`, tenant, workspace, screen })
  await Promise.race([story, anyEnd(system)])
  told = true
  if (once) return
  await showConsole(system)
  showUrls(system, servers)
  await Promise.race([stopped, anyEnd(system)])
  screen.heading('Stopping')
}

/** Rejects when one of the processes ends, which none of them should by itself. */
async function anyEnd({ processes }: RunningSystem): Promise<never> {
  const { name, code } = await Promise.race(
    Object.values(processes).map(async (each) => ({ name: each.name, ...(await each.exited) })),
  )
  throw new LaunchError(`${name} has ended (${code}), which it should not; see ${name}.log.`)
}

async function showConsole({ apiUrl }: RunningSystem): Promise<void> {
  const link = await createConnector(apiUrl, operatorKey).createSignInLink(tenant.name)
  screen.heading('See it with a browser')
  screen.line(`Console: ${apiUrl}/`)
  screen.line(`Sign in: ${link}`)
  screen.line(`         This link works once, within a day.`)
}

function showUrls(system: RunningSystem, { redisUrl, brokers }: Servers): void {
  const { consumer } = workspace
  screen.heading('It stays up until Ctrl-C')
  screen.line(`API                  ${system.apiUrl}  (Authorization: Bearer ${tenant.key})`)
  screen.line(`simulated Bitbucket  ${system.bitbucketUrl}  (change it below /_control)`)
  screen.line(`Kafka                ${brokers.join(',')}  topic ${system.topic}`)
  screen.line(`Redis                ${redisUrl}`)
  screen.line(`logs                 ${dir}`)
  screen.line(`to walk docs/api.md  export API=${system.apiUrl} OPERATOR_KEY=${operatorKey} \\`)
  screen.line(`                       BITBUCKET_KEY=${consumer.key} BITBUCKET_SECRET=${consumer.secret}`)
  screen.line(`to follow the feed   npm run tail -- --brokers ${brokers.join(',')} --prefix ${system.topicPrefix}`)
}
