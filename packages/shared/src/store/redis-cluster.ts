import { Cluster, type Redis } from 'ioredis'
import type { Logger } from '../runtime/log.ts'
import type { RedisPlace } from '../runtime/redis-url.ts'
import { giveUpSilent } from './give-up-silent.ts'
import type { ConnectionManner } from './redis-client.ts'
import { writeTogether } from './write-together.ts'

type ClusterPlace = Extract<RedisPlace, { type: 'cluster' }>

/** How often a node is asked who has which slots: a master that says nothing at all is only missed so. */
const slotsRefreshMs = 2_000
/** How often one who cannot wait tries again, after a tenth of a second each time: about a second in all. */
const redirectionsMax = 10
const firstAttemptsMax = 5

/**
 * A connection to Redis Cluster. A command goes to the master of its slot; while that is away, or another one is being put in its
 * place, it is sent again and again: for some seconds, or for as long as it takes. Nodes that are lost and found are told to
 * the log; of the cluster as a whole the caller tells.
 */
export function createCluster(
  { nodes, username, password, tls }: ClusterPlace,
  { whenAway, log, common, retryMs }: ConnectionManner & { readonly log: Logger },
): Cluster {
  let wasReady = false
  const cluster = new Cluster([...nodes], {
    maxRedirections: whenAway === 'wait' ? Number.POSITIVE_INFINITY : redirectionsMax,
    slotsRefreshInterval: slotsRefreshMs,
    // Who begins while nobody is there is told so, as with one server.
    clusterRetryStrategy: (attempt) =>
      whenAway === 'fail' && !wasReady && attempt > firstAttemptsMax ? null : retryMs(attempt),
    // A certificate is for the name of a node, not for its address.
    ...(tls && { dnsLookup: (address: string, found: (err: null, address: string) => void) => found(null, address) }),
    redisOptions: {
      ...common,
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(tls && { tls: {} }),
    },
  })
  cluster.on('ready', () => {
    wasReady = true
    // From now on nobody waits in a queue for nodes that may not come.
    if (whenAway === 'fail') cluster.options.enableOfflineQueue = false
  })
  cluster.on('+node', writeTogether)
  if (whenAway === 'fail') cluster.on('+node', giveUpSilent)
  tellOfNodes(cluster, log)
  return cluster
}

function tellOfNodes(cluster: Cluster, log: Logger): void {
  const lost = new Set<string>()
  cluster.on('node error', (err: Error, node: string) => {
    if (!lost.has(node)) log.warn({ event: 'redis.node-lost', node, err }, 'a node of the Redis Cluster is away')
    lost.add(node)
  })
  cluster.on('+node', (redis: Redis) => {
    redis.once('ready', () => {
      const node = `${redis.options.host}:${redis.options.port}`
      if (lost.delete(node)) log.info({ event: 'redis.node-back', node }, 'a node of the Redis Cluster is back')
    })
  })
}
