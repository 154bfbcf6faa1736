import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { addSecurity } from './security.ts'

const origin = 'https://console.example.test'

async function build(corsOrigins: readonly string[]) {
  const app = fastify()
  await addSecurity(app, { corsOrigins })
  app.patch('/things', { config: { public: true } }, async () => 'changed')
  return app
}

const preflight = (from: string, method: string) => ({
  method: 'OPTIONS' as const,
  url: '/things',
  headers: {
    origin: from,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,if-match,idempotency-key',
  },
})

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  'a page of an origin that is let in may call with %s',
  async (method) => {
    const { headers, statusCode } = await (await build([origin])).inject(preflight(origin, method))
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([204, origin])
    expect(String(headers['access-control-allow-methods']).split(/, */)).toContain(method)
    expect(headers['access-control-allow-headers']).toBe('authorization,if-match,idempotency-key')
  },
)

test('a page of an origin that is let in may read what an answer says beside its body', async () => {
  const { headers } = await (await build([origin])).inject({ method: 'PATCH', url: '/things', headers: { origin } })
  const exposed = String(headers['access-control-expose-headers']).split(/, */)
  expect(exposed).toEqual(
    expect.arrayContaining([
      'etag',
      'location',
      'retry-after',
      'idempotency-replayed',
      'deprecation',
      'sunset',
      'link',
    ]),
  )
})

test('a page of another origin is not let in', async () => {
  const app = await build([origin])
  const { headers } = await app.inject(preflight('https://elsewhere.example.test', 'PATCH'))
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

test('without origins no page is let in', async () => {
  const { headers } = await (await build([])).inject(preflight(origin, 'PATCH'))
  expect(headers['access-control-allow-origin']).toBeUndefined()
})
