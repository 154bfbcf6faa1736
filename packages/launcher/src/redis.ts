import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCommand } from './commands.ts'
import { askPort, freePort } from './ports.ts'
import { type RunningProcess, startProcess } from './processes.ts'

/** A Redis server of our own; `restart()` keeps port and data. */
export interface RunningRedis {
  readonly process: RunningProcess
  readonly port: number
  readonly url: string
}

/** Path of `redis-server`; installs it where it can, else throws a `LaunchError` that says what to install. */
export function ensureRedisServer(): Promise<string> {
  return ensureCommand({ command: 'redis-server', packages: ['redis-server'], service: 'redis-server' })
}

/**
 * Starts Redis at 127.0.0.1 as it has to be run: every write is on disk before it is acknowledged, and nothing is ever
 * evicted. Data and `redis.log` are in `dir`; with `persistent: false` it starts empty, whatever is there.
 */
export async function startRedis(options: {
  dir: string
  port?: number
  persistent?: boolean
  databases?: number
  /** Further options of the server. */
  args?: readonly string[]
}): Promise<RunningRedis> {
  const { dir, persistent = true, databases = 16, args = [] } = options
  const command = await ensureRedisServer()
  const port = options.port ?? (await freePort())
  if (!persistent) await rm(join(dir, 'appendonlydir'), { recursive: true, force: true })
  await mkdir(dir, { recursive: true })
  const process = await startProcess({
    name: 'redis',
    command,
    args: [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--databases', String(databases)],
      ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction'],
      ...args,
    ],
    logFile: join(dir, 'redis.log'),
    readyWhen: async () => (await askPort({ port }, 'PING\r\n'))?.toString().startsWith('+PONG') ?? false,
  })
  return { process, port, url: `redis://127.0.0.1:${port}` }
}
