import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answersOk, callJson } from '@clarity/launcher/http'
import { freePorts } from '@clarity/launcher/ports'
import { type RunningProcess, startProcess, stopAll } from '@clarity/launcher/processes'
import { startRedis } from '@clarity/launcher/redis'
import { readStartScript } from '@clarity/launcher/start-script'
import { isFinished, Sync } from '@clarity/shared/contract/syncs'
import { createLog } from '@clarity/shared/runtime/log'
import { createKeys } from '@clarity/shared/store/keys'
import { createRedis } from '@clarity/shared/store/redis'

export interface ConnectorOptions {
  readonly bitbucketUrl: string
  readonly workers: number
  /** Flags of Node for the workers, beside those of their start script. */
  readonly nodeFlags?: readonly string[]
  /** Of each credential; as many as it likes unless said otherwise. */
  readonly requestsPerHour?: number
}

const shards = 64
const tenant = 'bench'
const log = createLog({ service: 'bench', version: '0.1.0', level: 'warn' })

export type RunningConnector = Awaited<ReturnType<typeof startConnector>>

/** A Redis of its own, connector-api and sync-workers as processes, all with their defaults but for the limit of the hour. */
export async function startConnector(options: ConnectorOptions) {
  const { bitbucketUrl, workers, nodeFlags = [], requestsPerHour = 1_000_000_000 } = options
  const dir = await mkdtemp(join(tmpdir(), 'bench-'))
  const [apiPort = 0, ...workerPorts] = await freePorts(1 + workers)
  const redis = await startRedis({ dir, persistent: false })
  const running: RunningProcess[] = [redis.process]
  const apiKey = randomBytes(16).toString('hex')
  const environment = {
    REDIS_URL: redis.url,
    SHARDS: String(shards),
    BITBUCKET_URL: bitbucketUrl,
    BITBUCKET_REQUESTS_PER_HOUR: String(requestsPerHour),
    MASTER_KEY: randomBytes(32).toString('base64'),
    API_KEYS: `${tenant}=${apiKey}`,
    ACCESS_VIEW: 'off',
    API_REQUESTS_PER_MINUTE: '1000000000',
    LOG_LEVEL: 'warn',
  }
  // As in the image, whose build fills the cache in the same way.
  const asInImage = { MALLOC_ARENA_MAX: '2', NODE_COMPILE_CACHE: join(dir, 'compile-cache') }
  const start = async (name: string, folder: string, port: number, flags: readonly string[] = []) => {
    const script = await readStartScript(fileURLToPath(new URL(`../../services/${folder}`, import.meta.url)))
    const args = [...script.slice(0, -1), ...flags, ...script.slice(-1)]
    await fillCompileCache(args, { ...asInImage, PATH: process.env.PATH ?? '' })
    const service = await startProcess({
      name,
      command: process.execPath,
      args,
      env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: String(port), ...environment, ...asInImage },
      cwd: dir,
      logFile: join(dir, `${name}.log`),
      readyWhen: () => answersOk(`http://127.0.0.1:${port}/readyz`),
    })
    running.push(service)
    return service
  }
  try {
    await start('connector-api', 'connector-api', apiPort)
    const started = await Promise.all(
      workerPorts.map((port, index) => start(`sync-worker-${index + 1}`, 'sync-worker', port, nodeFlags)),
    )
    const client = createRedis(redis.url, { whenAway: 'wait', log })
    return {
      dir,
      redis: client,
      keys: createKeys({ prefix: 'clarity', shards }),
      workers: started,
      ...createCaller(`http://127.0.0.1:${apiPort}`, apiKey),
      async [Symbol.asyncDispose]() {
        client.disconnect()
        await stopAll(running)
        // The append-only file of a large workspace is as large as all that was ever written.
        await rm(dir, { recursive: true })
      },
    }
  } catch (error) {
    await stopAll(running)
    throw error
  }
}

/** Without a port a service ends with an error, and has loaded all that it starts with by then. */
async function fillCompileCache(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, args, { env: { ...env, PORT: 'none' }, stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== 1) throw new Error(`a service without a port ended with ${code}, not 1`)
}

/** An hour later no request counts any more. */
export async function forgetBudgets({ redis }: Pick<RunningConnector, 'redis'>): Promise<void> {
  const keys = await redis.keys('*:budget*')
  if (keys.length > 0) await redis.del(...keys)
}

/** What a tenant's caller does. */
function createCaller(url: string, bearer: string) {
  const call = async (path: string, body: unknown, expected: number) => {
    const answer = await callJson(`${url}${path}`, { bearer, ...(body !== undefined && { body }) })
    if (answer.status !== expected) throw new Error(`${path} answered ${JSON.stringify(answer)}`)
    return answer.body
  }
  const syncIn = (body: unknown) => Sync.parse((body as { sync: unknown }).sync)
  const readSync = async ({ connectionId, id }: Pick<Sync, 'connectionId' | 'id'>) =>
    Sync.parse(await call(`/v1/connections/${connectionId}/syncs/${id}`, undefined, 200))
  return {
    readSync,
    /** Connects a workspace, which begins its first full sync; an incremental one follows every so often, if at all. */
    async connect(
      workspace: string,
      { key, secret }: { readonly key: string; readonly secret: string },
      everyMinutes?: number,
    ) {
      const credential = { kind: 'oauth-consumer', key, secret }
      const schedule = everyMinutes !== undefined && { schedule: { mode: 'interval', minutes: everyMinutes } }
      const connection = {
        name: workspace,
        uniqueIdentifier: `bitbucket-${workspace}`,
        workspace,
        credential,
        ...schedule,
      }
      return syncIn(await call('/v1/connections', connection, 201))
    },
    requestSync: async (connectionId: string, kind: 'full' | 'incremental' = 'full') =>
      syncIn(await call(`/v1/connections/${connectionId}/syncs`, { kind }, 202)),
    /** The sync once it has completed; asks every `everyMs`. */
    async completed(sync: Sync, everyMs: number): Promise<Sync> {
      for (;;) {
        const now = await readSync(sync)
        if (now.state === 'completed') return now
        if (isFinished(now.state)) throw new Error(`a sync has ${now.state}: ${JSON.stringify(now.error)}`)
        await delay(everyMs)
      }
    },
  }
}
