import { Agent, request } from 'node:http'

/** A request to the letter, as no well-meaning client would send it. */
export interface ApiCall {
  readonly method: string
  /** Path and query, encoded already, or wrongly. */
  readonly target: string
  /** Names and values one after the other: the same name may come twice. */
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

const timeoutMs = 10_000
const agent = new Agent({ keepAlive: true, maxSockets: 16 })

/** Sends a request and reads the answer to its end. Rejects when that takes longer than ten seconds, or never comes. */
export function sendCall(url: string, call: ApiCall): Promise<ApiAnswer> {
  const { hostname, port } = new URL(url)
  const { method, target, headers = [], body } = call
  // Without it Node announces a body in chunks, and sends none.
  const length = body === undefined && method === 'GET' ? [] : ['content-length', String(Buffer.byteLength(body ?? ''))]
  const sent = Promise.withResolvers<ApiAnswer>()
  const options = { hostname, port, agent, method, path: target, signal: AbortSignal.timeout(timeoutMs) }
  const req = request({ ...options, headers: ['host', `${hostname}:${port}`, ...headers, ...length] }, (res) => {
    const chunks: Buffer[] = []
    res.on('data', (chunk: Buffer) => chunks.push(chunk))
    res.on('error', sent.reject)
    res.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      sent.resolve({ status: res.statusCode ?? 0, headers: res.headers, text })
    })
  })
  req.on('error', sent.reject)
  req.end(body)
  return sent.promise
}
