import { expect, test } from 'vitest'
import { createBench } from '../testing/client.ts'

const consumer = '/_control/workspaces/acme/consumers/key'

test('answers a bearer token as after May 2026', async () => {
  await using bench = await createBench({ tokenLifeSeconds: 60 })
  const { status, body } = await bench.requestToken('key', 'secret')
  expect(status).toBe(200)
  expect(body).toEqual({
    access_token: expect.stringMatching(/^\S{64,}$/),
    token_type: 'bearer',
    expires_in: 60,
    scope: 'account project project:admin repository repository:admin',
  })
})

test.each([
  ['a wrong secret', 'key', 'wrong', undefined, 'unauthorized_client'],
  ['an unknown key', 'nobody', 'secret', undefined, 'unauthorized_client'],
  ['another grant', 'key', 'secret', 'password', 'invalid_grant'],
])('refuses %s', async (_, key, secret, grantType, error) => {
  await using bench = await createBench()
  const { status, body } = await bench.requestToken(key, secret, grantType)
  expect(status).toBe(400)
  expect(body).toEqual({ error, error_description: expect.any(String) })
})

test('refuses a request without credentials or form', async () => {
  await using bench = await createBench()
  const answer = await bench.call('POST', '/site/oauth2/access_token', { grant_type: 'client_credentials' })
  expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
})

test('refuses a public consumer, and one without a callback URL', async () => {
  await using bench = await createBench()
  await bench.call('PUT', consumer, { private: false })
  const open = await bench.requestToken('key', 'secret')
  expect(open).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(open.body.error_description).toContain('public')
  await bench.call('PUT', consumer, { private: true, callbackUrl: null })
  const withoutCallback = await bench.requestToken('key', 'secret')
  expect(withoutCallback).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
})
