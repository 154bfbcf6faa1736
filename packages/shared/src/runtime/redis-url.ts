import { z } from 'zod'
import { isDecodable } from './config.ts'
import { Secret } from './secret.ts'

/** Where Redis is: one server by its URL, or some nodes of a cluster, which tell of the others. */
export type RedisPlace =
  | { readonly type: 'server'; readonly url: string }
  | {
      readonly type: 'cluster'
      readonly nodes: readonly { readonly host: string; readonly port: number }[]
      readonly username: string
      readonly password: string
      readonly tls: boolean
    }

const serverUrl = /^rediss?:$/
const clusterUrl = /^(rediss?)\+cluster:\/\/([^@/?#]*@)?([^@/?#\s]+)\/?$/
const defaultPort = 6379

/** Reads `redis://host:port/0`, or `redis+cluster://host:port,host:port`; rediss for TLS; null when it is neither. */
export function parseRedisUrl(text: string): RedisPlace | null {
  const [, scheme = '', login = '', hosts = ''] = clusterUrl.exec(text) ?? []
  if (hosts === '') return isRedisServer(text) ? { type: 'server', url: text } : null
  const urls = hosts.split(',').map((host) => `${scheme}://${login}${host}`)
  if (!urls.every(isRedisServer)) return null
  const nodes = urls.map((url) => new URL(url))
  const [first] = nodes
  return {
    type: 'cluster',
    nodes: nodes.map(({ hostname, port }) => ({ host: hostname, port: Number(port || defaultPort) })),
    username: decodeURIComponent(first?.username ?? ''),
    password: decodeURIComponent(first?.password ?? ''),
    tls: scheme === 'rediss',
  }
}

function isRedisServer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return serverUrl.test(url.protocol) && url.hostname !== '' && isDecodable(url)
}

/** The URL of one server or of a cluster, with a login in it perhaps. */
export function redisUrl() {
  return z
    .string()
    .refine(
      (value) => parseRedisUrl(value) !== null,
      'is not such a URL, or has a login whose special characters are not percent-encoded (%23 for #, %25 for %)',
    )
    .transform((value) => new Secret(value))
}
