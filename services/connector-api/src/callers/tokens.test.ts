import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byTokens } from './tokens.ts'

const nowMs = Date.parse('2026-11-23T10:00:00Z')
const clock = { now: () => nowMs, sleep: () => Promise.resolve() }
const audience = 'clarity-bitbucket'
const keyPair = await generateKeyPair('RS256')
const otherPair = await generateKeyPair('RS256')

let server: Server
let issuer = ''

/** A real issuer over HTTP, as far as OpenID Connect Discovery goes. */
beforeAll(async () => {
  const jwk = { ...(await exportJWK(keyPair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  server = createServer(({ url }, response) => {
    response.setHeader('content-type', 'application/json')
    if (url === '/.well-known/openid-configuration')
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }))
    else response.end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

type Change = { readonly [Name in keyof JWTPayload]?: JWTPayload[Name] | undefined }

async function sign(change: Change = {}, { key = keyPair.privateKey, alg = 'RS256' } = {}) {
  const seconds = nowMs / 1_000
  const claims = {
    tenant: 'acme',
    scope: 'access:read openid',
    iss: issuer,
    aud: audience,
    sub: 'u1',
    exp: seconds + 60,
  }
  return new SignJWT(present({ ...claims, ...change })).setProtectedHeader({ alg, kid: 'k1' }).sign(key)
}

/** Without the claims that are left out. */
function present(claims: object): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

const authenticate = async (token: string) => byTokens({ issuer, audience, tenantClaim: 'tenant', clock })(token)

test('a token of the issuer says whose caller it is, and what it may do', async () => {
  expect(await authenticate(await sign())).toEqual({
    kind: 'token',
    id: 'u1',
    name: null,
    tenantId: 'acme',
    scopes: new Set(['access:read']),
    expiresAt: '2026-11-23T10:01:00.000Z',
    isSession: false,
  })
})

test('a subject that is an address is written down as a digest', async () => {
  const caller = await authenticate(await sign({ sub: 'person@example.test' }))
  expect(caller?.id).toMatch(/^sub-[0-9a-f]{16}$/)
})

test('scopes may stand in a list, as some issuers write them', async () => {
  const token = await sign({ scope: undefined, scp: ['syncs:write', 'other'] })
  expect((await authenticate(token))?.scopes).toEqual(new Set(['syncs:write']))
})

test.each([
  ['of another audience', () => sign({ aud: 'other' })],
  ['of another issuer', () => sign({ iss: 'https://other.example' })],
  ['that has expired', () => sign({ exp: nowMs / 1_000 - 31 })],
  ['that is not valid yet', () => sign({ nbf: nowMs / 1_000 + 31 })],
  ['that never expires', () => sign({ exp: undefined })],
  ['without a subject', () => sign({ sub: undefined })],
  ['without a tenant', () => sign({ tenant: undefined })],
  ['whose tenant is no id of one', () => sign({ tenant: 'Acme Corp' })],
  ['of another key', () => sign({}, { key: otherPair.privateKey })],
  ['that is cut', async () => (await sign()).slice(0, -4)],
  ['that is not signed', async () => unsigned(await sign())],
  ['that is none', async () => 'a.b.c'],
])('a token %s lets nobody in', async (_name, make) => {
  expect(await authenticate(await make())).toBeNull()
})

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

test('a secret that both sides know is not accepted as a signature: the public key would do as one', async () => {
  const key = await new SignJWT({ tenant: 'acme', iss: issuer, aud: audience, sub: 'u1', exp: nowMs / 1_000 + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keyPair.publicKey))))
  expect(await authenticate(key)).toBeNull()
})

test('an operator needs no tenant', async () => {
  const caller = await authenticate(await sign({ tenant: undefined, scope: 'operator' }))
  expect([caller?.tenantId, caller?.scopes]).toEqual([null, new Set(['operator'])])
})

test('an issuer that is away is not the fault of the token', async () => {
  const away = byTokens({ issuer: 'http://127.0.0.1:1', audience, tenantClaim: 'tenant', clock })
  await expect(away(await sign())).rejects.toMatchObject({ code: 'token-issuer-unavailable', retryable: true })
})

test('an issuer that calls itself otherwise is not believed', async () => {
  const misnamed = byTokens({ issuer: `${issuer}/realm/..`, audience, tenantClaim: 'tenant', clock })
  await expect(misnamed(await sign())).rejects.toMatchObject({ code: 'token-issuer-unavailable' })
})
