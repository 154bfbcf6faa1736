import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheDir } from './cache.ts'
import { answersOk } from './http.ts'
import { freePorts } from './ports.ts'
import { type RunningProcess, startProcess, stopAll } from './processes.ts'
import { readStartScript } from './start-script.ts'

/** Where the whole system runs and what it runs on. */
export interface SystemOptions {
  readonly redisUrl: string
  readonly brokers: readonly string[]
  /** Begins all key names in Redis. */
  readonly keyPrefix: string
  /** Begins the names of the topics. */
  readonly topicPrefix: string
  /** Tenant -> bearer key. */
  readonly apiKeys: Readonly<Record<string, string>>
  /** Bearer key of the operator of the deployment; without it there is none. */
  readonly operatorKey?: string
  /** How long what a killed process held stays with it. */
  readonly leaseSeconds?: number
  /** How many events of a shard may wait for Kafka before its syncs do. */
  readonly outboxEntriesMax?: number
  /** How many sync-workers share the work; 1 unless said otherwise. */
  readonly workers?: number
  /** How many publishers share the shards; 1 unless said otherwise. */
  readonly publishers?: number
  /** Further variables for the three services. */
  readonly variables?: Readonly<Record<string, string>>
  /** And for one process of them, by its name. */
  readonly variablesOf?: (process: string) => Readonly<Record<string, string>>
  /** Logs of the processes, one file each. */
  readonly logDir: string
  /** The seeded workspace of the simulated Bitbucket. */
  readonly workspace: {
    readonly slug: string
    readonly users: number
    readonly groups: number
    readonly projects: number
    readonly repositories: number
    readonly seed: number
    readonly consumer: { readonly key: string; readonly secret: string }
  }
}

export interface RunningSystem extends AsyncDisposable {
  readonly apiUrl: string
  readonly bitbucketUrl: string
  /** Where each service tells of its health and its figures. */
  readonly urls: Readonly<Record<Exclude<ProcessName, 'simulator'>, string>>
  readonly topicPrefix: string
  readonly topic: string
  /** By name: simulator, connector-api, and of the workers and publishers the first. */
  readonly processes: Readonly<Record<ProcessName, RunningProcess>>
  readonly workers: readonly RunningProcess[]
  readonly publishers: readonly RunningProcess[]
  stop(): Promise<void>
}

type ProcessName = 'simulator' | 'connector-api' | 'sync-worker' | 'publisher'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Starts the simulated Bitbucket and the three services as processes on free ports; ready when each says so. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  await mkdir(options.logDir, { recursive: true })
  const { workers: workerCount = 1, publishers: publisherCount = 1 } = options
  const [simulatorPort = 0, apiPort = 0, ...ports] = await freePorts(2 + publisherCount + workerCount)
  const [publisherPorts, workerPorts] = [ports.slice(0, publisherCount), ports.slice(publisherCount)]
  const bitbucketUrl = `http://127.0.0.1:${simulatorPort}`
  const environment = serviceEnvironment(options, bitbucketUrl)
  const start = async (name: string, folder: string, port: number, env: Record<string, string>) =>
    startProcess({
      name,
      command: process.execPath,
      args: await readStartScript(join(root, folder)),
      env: { ...inherited(), HOST: '127.0.0.1', PORT: String(port), ...env, ...options.variablesOf?.(name) },
      logFile: join(options.logDir, `${name}.log`),
      readyWhen: () => answersOk(`http://127.0.0.1:${port}/readyz`),
    })
  const started = await Promise.allSettled([
    start('simulator', 'packages/bitbucket-simulator', simulatorPort, simulatorEnvironment(options.workspace)),
    start('connector-api', 'services/connector-api', apiPort, environment),
    ...publisherPorts.map((port, index) => start(nameOf('publisher', index), 'services/publisher', port, environment)),
    ...workerPorts.map((port, index) => start(nameOf('sync-worker', index), 'services/sync-worker', port, environment)),
  ])
  const running = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const stop = () => stopAll(running)
  const failed = started.find((outcome) => outcome.status === 'rejected')
  const [simulator, api, ...others] = running
  const [publishers, workers] = [others.slice(0, publisherCount), others.slice(publisherCount)]
  const [[publisher], [worker]] = [publishers, workers]
  if (failed || !simulator || !api || !worker || !publisher) {
    await stop()
    throw failed?.reason
  }
  const apiUrl = `http://127.0.0.1:${apiPort}`
  return {
    apiUrl,
    bitbucketUrl,
    urls: {
      'connector-api': apiUrl,
      'sync-worker': `http://127.0.0.1:${workerPorts[0]}`,
      publisher: `http://127.0.0.1:${publisherPorts[0]}`,
    },
    topicPrefix: options.topicPrefix,
    topic: `${options.topicPrefix}.changes`,
    processes: { simulator, 'connector-api': api, 'sync-worker': worker, publisher },
    workers,
    publishers,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function nameOf(service: ProcessName, index: number): string {
  return index === 0 ? service : `${service}-${index + 1}`
}

function serviceEnvironment(options: SystemOptions, bitbucketUrl: string): Record<string, string> {
  return {
    REDIS_URL: options.redisUrl,
    REDIS_KEY_PREFIX: options.keyPrefix,
    KAFKA_BROKERS: options.brokers.join(','),
    TOPIC_PREFIX: options.topicPrefix,
    BITBUCKET_URL: bitbucketUrl,
    BITBUCKET_REQUESTS_PER_HOUR: '1000000000',
    ...(options.leaseSeconds !== undefined && { LEASE_SECONDS: String(options.leaseSeconds) }),
    ...(options.outboxEntriesMax !== undefined && { OUTBOX_ENTRIES_MAX: String(options.outboxEntriesMax) }),
    MASTER_KEY: randomBytes(32).toString('base64'),
    API_REQUESTS_PER_MINUTE: '1000000000',
    OPERATOR_KEYS: options.operatorKey ?? '',
    API_KEYS: Object.entries(options.apiKeys)
      .map(([tenant, key]) => `${tenant}=${key}`)
      .join(','),
    ...options.variables,
  }
}

/** The variables of the simulated Bitbucket: what it is seeded with, and no limit but the tests' own patience. */
export function simulatorEnvironment(workspace: SystemOptions['workspace']): Record<string, string> {
  return {
    SIMULATOR_WORKSPACE: workspace.slug,
    SIMULATOR_USERS: String(workspace.users),
    SIMULATOR_GROUPS: String(workspace.groups),
    SIMULATOR_PROJECTS: String(workspace.projects),
    SIMULATOR_REPOSITORIES: String(workspace.repositories),
    SIMULATOR_SEED: String(workspace.seed),
    SIMULATOR_CONSUMER_KEY: workspace.consumer.key,
    SIMULATOR_CONSUMER_SECRET: workspace.consumer.secret,
    SIMULATOR_REQUESTS_PER_HOUR: 'unlimited',
    BITBUCKET_OPENAPI: process.env.BITBUCKET_OPENAPI ?? '',
  }
}

/** What a process needs of our own environment, and nothing that would configure it by accident. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp', NODE_OPTIONS = '' } = process.env
  return {
    ...{ PATH, HOME, TMPDIR, NODE_OPTIONS },
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    // As in the image: types are stripped once and not at each start, which spares time and memory.
    NODE_COMPILE_CACHE: join(cacheDir(), 'compiled'),
    MALLOC_ARENA_MAX: '2',
  }
}
