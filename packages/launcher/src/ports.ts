import { randomInt } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { LaunchError } from './errors.ts'

// Below the range from which Linux takes the ports of outgoing connections (32768 and up): a client that reconnects
// while a server is down could else be given the server's own port, and the server could not come back on it.
const firstPort = 20_000
const lastPort = 32_767

/** A TCP port on which nothing listens at 127.0.0.1. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new RangeError('no free port')
  return port
}

/** `count` different TCP ports on which nothing listens at 127.0.0.1. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let attempts = 0; found.size < count; attempts++) {
    if (attempts > 1_000) throw new RangeError(`no ${count} free ports between ${firstPort} and ${lastPort}`)
    const port = randomInt(firstPort, lastPort + 1)
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Whether a TCP connection is taken there within `timeoutMs`. */
export function isListening(at: { host?: string; port: number }, timeoutMs = 2_000): Promise<boolean> {
  return converse(at, timeoutMs, (socket, finish) => socket.once('connect', () => finish(true))).then(Boolean)
}

/**
 * Sends `request` to a TCP port and gives the first bytes of the reply; undefined when there is none within
 * `timeoutMs`, or nothing listens.
 */
export function askPort(
  at: { host?: string; port: number },
  request: Uint8Array | string,
  timeoutMs = 1_000,
): Promise<Buffer | undefined> {
  return converse<Buffer>(at, timeoutMs, (socket, finish) => {
    socket.once('connect', () => socket.write(request))
    socket.once('data', finish)
  })
}

function converse<Answer>(
  { host = '127.0.0.1', port }: { host?: string; port: number },
  timeoutMs: number,
  talk: (socket: Socket, finish: (answer: Answer) => void) => void,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    const finish = (answer?: Answer) => {
      socket.destroy()
      resolve(answer)
    }
    for (const event of ['timeout', 'error', 'close']) socket.once(event, () => finish())
    talk(socket, finish)
  })
}

/**
 * Makes sure that something listens where the variable of the environment says. Throws a `LaunchError` that names the
 * variable and says what to do.
 */
export async function insistOnListener(variable: string, address: string, defaultPort: number): Promise<void> {
  const url = URL.parse(address.includes('://') ? address : `tcp://${address}`)
  const at = { host: url?.hostname ?? '', port: Number(url?.port || defaultPort) }
  if (at.host !== '' && (await isListening(at))) return
  throw new LaunchError(`${variable} is set, but nothing listens at ${at.host}:${at.port}.`, {
    remedy: `Start it there, or unset ${variable}: then one is started here.`,
  })
}
