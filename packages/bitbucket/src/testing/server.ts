import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Secret } from '@clarity/shared/runtime/secret'
import { type BitbucketClient, type BitbucketClientOptions, createBitbucketClient } from '../client.ts'

/** An HTTP server for one test, and a client of it whose waits take no time. */
export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly client: BitbucketClient
  /** Paths of the API calls, in order. */
  readonly calls: string[]
  /** How often a token was asked for. */
  readonly tokens: () => number
  /** The waits before the client tried again. */
  readonly waits: number[]
  /** Moves the client's clock on. */
  readonly advance: (ms: number) => void
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Answers JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

/** Answers a body as it is. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, headers)
    response.end(body)
  }
}

/** Starts a server whose API calls `handle` answers, and whose tokens `token` does. */
export async function startTestServer(
  handle: Handler,
  token: Handler = json(200, { access_token: 'token', expires_in: 7200, scope: 'account' }),
  options: Partial<BitbucketClientOptions> = {},
): Promise<TestServer> {
  const calls: string[] = []
  const waits: number[] = []
  let tokens = 0
  let nowMs = 0
  const server = createServer((request, response) => {
    if (request.url === '/site/oauth2/access_token') {
      tokens += 1
      request.resume().on('end', () => token(request, response))
      return
    }
    calls.push(request.url ?? '')
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createBitbucketClient({
    urls: { api: url, token: `${url}/site/oauth2/access_token` },
    credentials: [{ kind: 'oauth-consumer', id: 'the-key', key: 'the-key', secret: new Secret('the-secret') }],
    clock: {
      now: () => nowMs,
      sleep: async (ms) => {
        waits.push(ms)
        nowMs += ms
      },
    },
    random: () => 1,
    ...options,
  })
  return {
    url,
    client,
    calls,
    tokens: () => tokens,
    waits,
    advance: (ms) => {
      nowMs += ms
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await client[Symbol.asyncDispose]()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
