import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'

type DaemonAddress = { socketPath: string } | { host: string; port: number }

/** Why containers cannot be used here; undefined when a Docker daemon answers within `timeoutMs`. */
export async function whyNoDocker(
  env: NodeJS.ProcessEnv = process.env,
  timeoutMs = 2_000,
): Promise<string | undefined> {
  const address = daemonAddress(env)
  if (address === undefined) return 'no Docker daemon (no socket)'
  const where = 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const ping = request({ ...address, path: '/_ping', timeout: timeoutMs }, (reply) => {
    reply.resume()
    resolve(reply.statusCode === 200 ? undefined : `the Docker daemon at ${where} answers ${reply.statusCode}`)
  })
  ping.on('timeout', () => ping.destroy(new Error('no answer in time')))
  ping.on('error', (error) => resolve(`no Docker daemon at ${where} (${error.message})`))
  ping.end()
  return promise
}

function daemonAddress(env: NodeJS.ProcessEnv): DaemonAddress | undefined {
  if (env.DOCKER_HOST) {
    const url = new URL(env.DOCKER_HOST)
    return url.protocol === 'unix:'
      ? { socketPath: url.pathname }
      : { host: url.hostname, port: Number(url.port || 2375) }
  }
  const sockets = [
    '/var/run/docker.sock',
    join(env.XDG_RUNTIME_DIR ?? '/nowhere', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
  ]
  const socketPath = sockets.find((path) => existsSync(path))
  return socketPath === undefined ? undefined : { socketPath }
}
