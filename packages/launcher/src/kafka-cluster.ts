import { join } from 'node:path'
import { brokerConfig, ensureKafka, startBroker } from './kafka.ts'
import { freePorts } from './ports.ts'
import { type RunningProcess, stopAll } from './processes.ts'

/** Some Kafka brokers that are one cluster; each may be killed and brought back with its data. */
export interface RunningKafkaCluster {
  readonly processes: readonly RunningProcess[]
  readonly brokers: string[]
  stop(): Promise<void>
}

/** Of so many copies one may be away, and what was said to be stored is on two. */
const copiesMax = 3

/**
 * Starts brokers at 127.0.0.1, each of them also a controller, with data, configuration and log of each in a folder of its own
 * below `dir`. It resolves when all take part in the cluster.
 */
export async function startKafkaCluster({
  dir,
  brokers: count,
}: {
  readonly dir: string
  readonly brokers: number
}): Promise<RunningKafkaCluster> {
  const installed = await ensureKafka()
  const ports = await freePorts(2 * count)
  const at = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    port: ports[2 * index] ?? 0,
    controllerPort: ports[2 * index + 1] ?? 0,
  }))
  const copies = Math.min(count, copiesMax)
  const common = {
    'controller.quorum.voters': at.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    'controller.quorum.election.timeout.ms': 500,
    'controller.quorum.fetch.timeout.ms': 1_000,
    'default.replication.factor': copies,
    'min.insync.replicas': Math.max(1, copies - 1),
    ...brokerConfig({ copies, copiesMin: Math.max(1, copies - 1) }),
  }
  const started = await Promise.allSettled(
    at.map(({ id, port, controllerPort }) => {
      const own = join(dir, `broker-${id}`)
      const properties = {
        'node.id': id,
        'process.roles': 'broker,controller',
        listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
        'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
        'log.dirs': join(own, 'data'),
        ...common,
      }
      return startBroker(installed, { name: `kafka-${id}`, dir: own, port, properties })
    }),
  )
  const processes = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const stop = () => stopAll(processes)
  const failed = started.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) {
    await stop()
    throw failed.reason
  }
  return { processes, brokers: at.map(({ port }) => `127.0.0.1:${port}`), stop }
}
