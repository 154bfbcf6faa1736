import { UpstreamError } from '@clarity/shared/runtime/errors'
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

const connectTimeoutMs = 10_000
const headersTimeoutMs = 30_000
const bodyTimeoutMs = 30_000
/** One page of 100 rows is some 100 KiB; all groups of a large workspace come in one body. */
export const bodyBytesMax = 64 * 1024 * 1024

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
 * @throws UpstreamError `unavailable` when none comes, `contract` when it is too large; the signal's reason when it
 * aborts.
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
      // Not tried again: it would be as large the next time.
      if (bytes > bodyBytesMax)
        throw contractError(endpoint, 'body-too-large', `the body has over ${bodyBytesMax} bytes`)
    }
    const header = (name: string) => {
      const value = response.headers[name]
      return (Array.isArray(value) ? value[0] : value) ?? null
    }
    return { status: response.statusCode, body: Buffer.concat(chunks).toString('utf8'), header }
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof UpstreamError) throw cause
    throw unavailableError(endpoint, cause instanceof Error ? cause.message : 'unknown', cause)
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
