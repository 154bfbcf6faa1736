import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { Tracing } from '@clarity/shared/runtime/tracing'
import { Agent, type Dispatcher, request } from 'undici'
import type { Answer } from './answer.ts'
import { contractError, toUpstreamError, unavailableError } from './errors.ts'

export interface Call {
  readonly endpoint: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal | undefined
}

export interface HttpLimits {
  readonly connectTimeoutMs: number
  /** From the request to the headers of its answer. */
  readonly headersTimeoutMs: number
  /** Between two pieces of the body. */
  readonly bodyTimeoutMs: number
  /** For the whole of it: a body may come in drops that are each in time. */
  readonly requestTimeoutMs: number
  readonly bodyBytesMax: number
}

/** One page of 100 rows is some 100 KiB; all groups of a large workspace come in one body. */
export const defaultHttpLimits: HttpLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  requestTimeoutMs: 120_000,
  bodyBytesMax: 64 * 1024 * 1024,
}

/** Connections that are kept open between calls. */
export class Http {
  readonly #limits: HttpLimits
  readonly #tracing: Tracing
  readonly #dispatcher: Dispatcher

  constructor(limits: HttpLimits, tracing: Tracing) {
    this.#limits = limits
    this.#tracing = tracing
    this.#dispatcher = new Agent({
      connect: { timeout: limits.connectTimeoutMs },
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyTimeoutMs,
      keepAliveTimeout: 30_000,
    })
  }

  /**
   * Sends one call and reads the whole answer.
   * @throws UpstreamError `unavailable` when none comes, `contract` when it is too large; the signal's reason when it
   * aborts.
   */
  send(call: Call): Promise<Answer> {
    const { endpoint, method, url } = call
    // The URL itself has slugs and uuids in it, and its query may have addresses.
    const template = endpoint.slice(endpoint.indexOf(' ') + 1)
    const { hostname } = new URL(url)
    const attributes = { 'http.request.method': method, 'url.template': template, 'server.address': hostname }
    return this.#tracing.withSpan(endpoint, { kind: 'client', attributes }, async (span) => {
      const answer = await this.#send(call)
      span.set({ 'http.response.status_code': answer.status })
      return answer
    })
  }

  async #send({ url, method, headers, body, signal, endpoint }: Call): Promise<Answer> {
    const dispatcher = this.#dispatcher
    const { requestTimeoutMs } = this.#limits
    const ending = new AbortController()
    const end = () => ending.abort(signal?.reason)
    const timer = setTimeout(() => ending.abort(new Error(`not whole after ${requestTimeoutMs} ms`)), requestTimeoutMs)
    signal?.addEventListener('abort', end, { once: true })
    try {
      signal?.throwIfAborted()
      const options = { dispatcher, method, headers, body: body ?? null, signal: ending.signal }
      const response = await request(url, options)
      const text = await this.#read(response.body, endpoint)
      const header = (name: string) => {
        const value = response.headers[name]
        return (Array.isArray(value) ? value[0] : value) ?? null
      }
      return { status: response.statusCode, body: text, header }
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof UpstreamError) throw cause
      throw unavailableError(endpoint, cause instanceof Error ? cause.message : 'unknown', cause)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
    }
  }

  async #read(body: AsyncIterable<Buffer>, endpoint: string): Promise<string> {
    const { bodyBytesMax } = this.#limits
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      // Not tried again: it would be as large the next time. Leaving the loop ends the connection.
      if (bytes > bodyBytesMax)
        throw contractError(endpoint, 'body-too-large', `the body has over ${bodyBytesMax} bytes`)
    }
    return Buffer.concat(chunks).toString('utf8')
  }

  /** Ends what is still under way. */
  close(): Promise<void> {
    return this.#dispatcher.destroy()
  }
}

/** The JSON of an answer. @throws UpstreamError when the answer is a refusal or no JSON. */
export function parseBody(endpoint: string, answer: Answer, nowMs: number): unknown {
  const { status, body } = answer
  if (status < 200 || status >= 300) throw toUpstreamError(endpoint, answer, nowMs)
  // Never an empty list. Bitbucket answers so, for good, where it does not want to say no.
  if (body.trim() === '') throw contractError(endpoint, 'empty-body', 'the answer is empty', answer)
  try {
    return JSON.parse(body)
  } catch {
    // HTML of a maintenance page, or JSON that broke off. The parser's own words quote the body, so they are dropped.
    throw unavailableError(endpoint, 'the body is not JSON')
  }
}
