import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Preflight } from '@clarity/shared/contract/preflight'
import { expect, test } from 'vitest'
import { createPreflightCheck } from './preflight-check.ts'

const input = { workspace: 'acme', credential: { kind: 'oauth-consumer', key: 'key', secret: 'secret' } } as const

async function checkAt(listener: RequestListener, timeoutMs: number) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const check = createPreflightCheck({ urls: { api, token: `${api}/token` }, timeoutMs })
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { check, [Symbol.asyncDispose]: close }
}

test('what Bitbucket refuses is an answer, in the form of the contract', async () => {
  const refuse: RequestListener = (_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end('{"error":"unauthorized_client"}')
  }
  await using bitbucket = await checkAt(refuse, 5_000)
  const preflight = await bitbucket.check(input)
  expect(Preflight.parse(preflight)).toEqual(preflight)
  expect(preflight).toMatchObject({ ready: false, credential: { state: 'refused', code: 'bad-credentials' } })
})

test('a Bitbucket that does not answer in time is told as such', async () => {
  await using bitbucket = await checkAt(() => undefined, 50)
  await expect(bitbucket.check(input)).rejects.toMatchObject({ kind: 'unavailable', code: 'no-answer' })
})
