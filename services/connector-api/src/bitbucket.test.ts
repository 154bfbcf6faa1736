import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Preflight } from '@clarity/shared/contract/preflight'
import { expect, test } from 'vitest'
import { createAccessCheck, createPreflightCheck } from './bitbucket.ts'

const input = {
  name: 'Acme',
  uniqueIdentifier: 'bitbucket-acme',
  workspace: 'acme',
  credential: { kind: 'oauth-consumer', key: 'key', secret: 'secret' },
} as const

async function startBitbucket(listener: RequestListener, timeoutMs: number) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const options = { urls: { api, token: `${api}/token` }, timeoutMs }
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
    const asked = bitbucket[check](input)
    await expect(asked).rejects.toMatchObject({ kind: 'unavailable', code: 'no-answer', retryable: true })
  },
)
