import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createAccessCheck } from './access-check.ts'

test('a Bitbucket that does not answer in time is told as such', async () => {
  // It takes the connection and says nothing.
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const check = createAccessCheck({ urls: { api, token: `${api}/token` }, timeoutMs: 50 })
  const input = {
    name: 'Acme',
    uniqueIdentifier: 'bitbucket-acme',
    workspace: 'acme',
    credential: { kind: 'oauth-consumer', key: 'key', secret: 'secret' },
  } as const
  await expect(check(input)).rejects.toMatchObject({ kind: 'unavailable', code: 'no-answer', retryable: true })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
