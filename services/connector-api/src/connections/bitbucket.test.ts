import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Preflight } from '@clarity/shared/contract/preflight'
import { systemClock } from '@clarity/shared/runtime/clock'
import type { Budget } from '@clarity/shared/store/budget'
import { expect, test } from 'vitest'
import { createAccessCheck } from './bitbucket.ts'
import { createPreflightCheck } from './preflight.ts'

const input = {
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  workspace: 'acme',
  credential: { kind: 'oauth-consumer', key: 'key', secret: 'secret' },
} as const

function unlimited(): Budget {
  return {
    limit: 1_000,
    take: async (leaseId, count) => ({ state: 'granted', leaseId, count, forMs: 1_000 }),
    settle: async () => undefined,
    refuse: async () => undefined,
    used: async () => 0,
  }
}

async function startBitbucket(listener: RequestListener, timeoutMs: number, budget = unlimited()) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const options = { urls: { api, token: `${api}/token` }, timeoutMs, clock: systemClock, budgetOf: () => budget }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { access: createAccessCheck(options), preflight: createPreflightCheck(options), [Symbol.asyncDispose]: close }
}

test('what Bitbucket refuses is an answer, in the form of the contract', async () => {
  const refuse: RequestListener = (_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end('{"error":"unauthorized_client"}')
  }
  await using bitbucket = await startBitbucket(refuse, 5_000)
  const preflight = await bitbucket.preflight(input)
  expect(Preflight.parse(preflight)).toEqual(preflight)
  expect(preflight).toMatchObject({ ready: false, credential: { state: 'refused', code: 'bad-credentials' } })
})

test.each(['access', 'preflight'] as const)(
  'a Bitbucket that does not answer in time is told as such: %s',
  async (check) => {
    // It takes the connection and says nothing.
    await using bitbucket = await startBitbucket(() => undefined, 50)
    const asked = bitbucket[check](input, input.credential)
    await expect(asked).rejects.toMatchObject({ kind: 'unavailable', code: 'no-answer', retryable: true })
  },
)

test.each(['access', 'preflight'] as const)(
  'an hour that is used up is told at once, before anything is asked: %s',
  async (check) => {
    const asked: string[] = []
    const answer: RequestListener = (request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: 'token', expires_in: 7_200 }))
    }
    const spent: Budget = { ...unlimited(), take: async () => ({ state: 'spent', forMs: 600_000 }) }
    await using bitbucket = await startBitbucket(answer, 5_000, spent)
    const outcome = await bitbucket[check](input, input.credential).catch((error: unknown) => error)
    expect(JSON.stringify(outcome)).toContain('"hour-used-up"')
    expect(asked).toEqual(['/token'])
  },
)
