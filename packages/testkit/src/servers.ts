// The servers that tests run against: the one given by its URL, else a container, else a local process, else a failure
// that says why none of them could be had. Never is a test skipped for want of a server.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clusterId, kafkaVersion, singleCopyConfig, startKafka } from '@clarity/launcher/kafka'
import { freePort, insistOnListener } from '@clarity/launcher/ports'
import { startPostgres } from '@clarity/launcher/postgres'
import type { RunningProcess } from '@clarity/launcher/processes'
import { startRedis } from '@clarity/launcher/redis'
import { whyNoDocker } from './docker.ts'

export type ServerOrigin = 'given' | 'container' | 'process'

export interface AcquiredServer {
  readonly how: ServerOrigin
  /** Why it is not a container; absent when it is one, or was given. */
  readonly reason?: string
  /** Ends what was started for it; a server that was given stays. */
  release(): Promise<void>
}

export interface AcquiredRedis extends AcquiredServer {
  readonly url: string
}

export interface AcquiredKafka extends AcquiredServer {
  readonly brokers: string[]
}

export interface AcquiredPostgres extends AcquiredServer {
  /** As a user who may create databases. */
  readonly url: string
}

// A database for each test file that runs at the same time, with room.
const databases = 256

/** A Redis with `appendfsync always` and `noeviction`, unless `REDIS_URL` gives one that is set up otherwise. */
export async function acquireRedis(env: NodeJS.ProcessEnv = process.env): Promise<AcquiredRedis> {
  const url = env.REDIS_URL
  if (url) {
    await insistOnListener('REDIS_URL', url, 6379)
    return { url, how: 'given', release: async () => {} }
  }
  return firstThatStarts('REDIS_URL', env, redisContainer, () =>
    inTemporaryDir('redis', async (dir) => {
      const { url, process } = await startRedis({ dir, databases })
      return { address: { url }, process }
    }),
  )
}

/** A Kafka of one broker, unless `KAFKA_BROKERS` (host:port, separated by commas) gives one. */
export async function acquireKafka(env: NodeJS.ProcessEnv = process.env): Promise<AcquiredKafka> {
  const brokers = (env.KAFKA_BROKERS ?? '').split(',').filter(Boolean)
  if (brokers.length > 0) {
    for (const broker of brokers) await insistOnListener('KAFKA_BROKERS', broker, 9092)
    return { brokers, how: 'given', release: async () => {} }
  }
  return firstThatStarts('KAFKA_BROKERS', env, kafkaContainer, () =>
    inTemporaryDir('kafka', async (dir) => {
      const { brokers, process } = await startKafka({ dir })
      return { address: { brokers }, process }
    }),
  )
}

/** A PostgreSQL, unless `DATABASE_URL` gives one, whose user may create databases. */
export async function acquirePostgres(env: NodeJS.ProcessEnv = process.env): Promise<AcquiredPostgres> {
  const url = env.DATABASE_URL
  if (url) {
    await insistOnListener('DATABASE_URL', url, 5432)
    return { url, how: 'given', release: async () => {} }
  }
  return firstThatStarts('DATABASE_URL', env, postgresContainer, () =>
    inTemporaryDir('postgres', async (dir) => {
      const { url, process } = await startPostgres({ dir, durable: false })
      return { address: { url }, process }
    }),
  )
}

interface Started<Address> {
  readonly address: Address
  release(): Promise<void>
}

async function firstThatStarts<Address extends object>(
  variable: string,
  env: NodeJS.ProcessEnv,
  startContainer: () => Promise<Started<Address>>,
  startLocally: () => Promise<Started<Address>>,
): Promise<Address & AcquiredServer> {
  let reason = await whyNoDocker(env)
  if (reason === undefined) {
    try {
      const { address, release } = await startContainer()
      return { ...address, how: 'container', release }
    } catch (error) {
      reason = `the container did not start: ${messageOf(error)}`
    }
  }
  try {
    const { address, release } = await startLocally()
    return { ...address, how: 'process', reason, release }
  } catch (error) {
    const reasons = [`${variable} is not set`, `container: ${reason}`, `local process: ${messageOf(error)}`]
    throw new Error(`The tests have no server:\n- ${reasons.join('\n- ')}`, { cause: error })
  }
}

async function redisContainer(): Promise<Started<{ url: string }>> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const options = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction']
  const container = await new GenericContainer('redis:7-bookworm')
    .withCommand(['redis-server', '--protected-mode', 'no', '--databases', String(databases), ...options])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`
  return { address: { url }, release: async () => void (await container.stop()) }
}

async function postgresContainer(): Promise<Started<{ url: string }>> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer('postgres:15-bookworm')
    .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'])
    .withExposedPorts(5432)
    // The image starts it twice: once to make the database, without a port.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start()
  const url = `postgres://postgres@${container.getHost()}:${container.getMappedPort(5432)}/postgres`
  return { address: { url }, release: async () => void (await container.stop()) }
}

async function kafkaContainer(): Promise<Started<{ brokers: string[] }>> {
  const { GenericContainer, Wait } = await import('testcontainers')
  // The broker tells its clients where it is, so its port outside has to be known before it starts.
  const port = await freePort()
  const container = await new GenericContainer(`apache/kafka:${kafkaVersion}`)
    .withEnvironment(kafkaEnvironment(port))
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
  return { address: { brokers: [`localhost:${port}`] }, release: async () => void (await container.stop()) }
}

/** The image takes a property `a.b` as `KAFKA_A_B`; with one of them set, all have to be. */
function kafkaEnvironment(port: number): Record<string, string> {
  const config = {
    'node.id': 1,
    'process.roles': 'broker,controller',
    listeners: `PLAINTEXT://:${port},CONTROLLER://:${port + 1}`,
    'advertised.listeners': `PLAINTEXT://localhost:${port}`,
    'controller.quorum.voters': `1@localhost:${port + 1}`,
    ...singleCopyConfig,
  }
  const variables = Object.entries(config).map(([key, value]) => [
    `KAFKA_${key.replaceAll('.', '_').toUpperCase()}`,
    String(value),
  ])
  return { ...Object.fromEntries(variables), CLUSTER_ID: clusterId }
}

/** Starts a server in a temporary folder, which goes when the server goes. */
async function inTemporaryDir<Address>(
  name: string,
  start: (dir: string) => Promise<{ address: Address; process: RunningProcess }>,
): Promise<Started<Address>> {
  const dir = await mkdtemp(join(tmpdir(), `clarity-${name}-`))
  const removeDir = () => rm(dir, { recursive: true, force: true })
  try {
    const { address, process } = await start(dir)
    const release = async () => {
      await process.stop()
      await removeDir()
    }
    return { address, release }
  } catch (error) {
    await removeDir()
    throw error
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
