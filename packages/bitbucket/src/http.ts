import { Agent, type Dispatcher, request } from 'undici'
import { unavailableError } from './errors.ts'

/** A whole answer, whatever its status. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly header: (name: string) => string | null
}

export interface Call {
  readonly endpoint: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal | undefined
}

const connectTimeoutMs = 10_000
const headersTimeoutMs = 30_000
const bodyTimeoutMs = 30_000
/** One page of 100 rows is some 100 KiB; all groups of a large workspace come in one body. */
const bodyBytesMax = 64 * 1024 * 1024

/** Connections that are kept open between calls. */
export function createDispatcher(): Agent {
  return new Agent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
    keepAliveTimeout: 30_000,
  })
}

/**
 * Sends one call and reads the whole answer.
 * @throws UpstreamError `unavailable` when none comes; the signal's reason when it aborts.
 */
export async function send(dispatcher: Dispatcher, call: Call): Promise<Answer> {
  const { url, method, headers, body, signal, endpoint } = call
  try {
    const response = await request(url, { dispatcher, method, headers, body: body ?? null, ...(signal && { signal }) })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response.body) {
      // undici's body yields buffers as long as no encoding is set.
      chunks.push(chunk as Buffer)
      bytes += chunks.at(-1)?.length ?? 0
      if (bytes > bodyBytesMax) throw new Error(`the body is larger than ${bodyBytesMax} bytes`)
    }
    const header = (name: string) => {
      const value = response.headers[name]
      return (Array.isArray(value) ? value[0] : value) ?? null
    }
    return { status: response.statusCode, body: Buffer.concat(chunks).toString('utf8'), header }
  } catch (cause) {
    signal?.throwIfAborted()
    throw unavailableError(endpoint, cause instanceof Error ? cause.message : 'unknown', cause)
  }
}
