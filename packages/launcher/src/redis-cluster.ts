import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureCommand, runQuietly } from './commands.ts'
import { LaunchError } from './errors.ts'
import { askPort, freePorts } from './ports.ts'
import { stopAll } from './processes.ts'
import { type RunningRedis, startRedis } from './redis.ts'

/** Some Redis servers that are one cluster; each may be killed and brought back with its data. */
export interface RunningRedisCluster {
  readonly nodes: readonly RunningRedis[]
  /** As `REDIS_URL` takes it. */
  readonly url: string
  /** The nodes that are masters at this moment; of a cluster of which some nodes are away, those that answer. */
  masters(): Promise<RunningRedis[]>
  stop(): Promise<void>
}

const pollMs = 50
const readyTimeoutMs = 60_000

/**
 * Starts masters, each with so many replicas, at 127.0.0.1, as Redis has to be run, with the data of each in a folder of its own
 * below `dir`. A master that is away for `nodeTimeoutMs` is replaced by a replica. It resolves when all slots are served and
 * the replicas have all that their masters have.
 */
export async function startRedisCluster({
  dir,
  masters: masterCount = 3,
  replicas = 0,
  nodeTimeoutMs = 1_500,
}: {
  readonly dir: string
  readonly masters?: number
  readonly replicas?: number
  readonly nodeTimeoutMs?: number
}): Promise<RunningRedisCluster> {
  const count = masterCount * (1 + replicas)
  const ports = await freePorts(2 * count)
  const nodes = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startRedis({
        dir: join(dir, `node-${index + 1}`),
        port: ports[2 * index] ?? 0,
        args: [
          ...['--cluster-enabled', 'yes', '--cluster-port', String(ports[2 * index + 1])],
          ...['--cluster-node-timeout', String(nodeTimeoutMs), '--cluster-require-full-coverage', 'no'],
          // Without a replica's copy of what a master has, its replica is promoted all the same: there is no other.
          ...['--cluster-replica-validity-factor', '0', '--repl-diskless-sync-delay', '0'],
        ],
      }),
    ),
  )
  const stop = () => stopAll(nodes.map(({ process }) => process))
  try {
    await form(nodes, replicas)
    await untilReady(nodes, replicas)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    nodes,
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters: async () => {
      const infos = await Promise.all(nodes.map(({ port }) => ask(port, 'INFO replication')))
      return nodes.filter((_, index) => infos[index]?.includes('role:master'))
    },
    stop,
  }
}

async function form(nodes: readonly RunningRedis[], replicas: number): Promise<void> {
  const cli = await ensureCommand({ command: 'redis-cli', packages: ['redis-tools'] })
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  await runQuietly(cli, ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'])
}

async function untilReady(nodes: readonly RunningRedis[], replicas: number): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs
  for (const { port } of nodes) {
    while (!(await isReady(port, replicas))) {
      if (performance.now() > deadline)
        throw new LaunchError(`The Redis Cluster is not ready after ${readyTimeoutMs} ms.`)
      await delay(pollMs)
    }
  }
}

async function isReady(port: number, replicas: number): Promise<boolean> {
  if (!(await ask(port, 'CLUSTER INFO')).includes('cluster_state:ok')) return false
  const replication = await ask(port, 'INFO replication')
  if (replication.includes('role:slave')) return replication.includes('master_link_status:up')
  return replication.includes(`connected_slaves:${replicas}`)
}

/** The reply to a command, as it comes over the wire; empty when there is none. */
async function ask(port: number, command: string): Promise<string> {
  return (await askPort({ port }, `${command}\r\n`))?.toString() ?? ''
}
