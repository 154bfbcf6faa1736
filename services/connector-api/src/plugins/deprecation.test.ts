import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { addDeprecation } from './deprecation.ts'

test('an operation that is going says since when, until when, and what takes its place', async () => {
  const app = fastify()
  addDeprecation(app)
  const deprecated = { since: '2026-12-01T00:00:00Z', sunset: '2027-06-01T00:00:00Z', successor: '/v2/things/{id}' }
  app.get('/v1/things/:id', { config: { deprecated } }, async () => ({}))
  app.get('/v2/things/:id', async () => ({}))
  const { headers } = await app.inject({ url: '/v1/things/a b' })
  expect(headers).toMatchObject({
    deprecation: '@1796083200',
    sunset: 'Tue, 01 Jun 2027 00:00:00 GMT',
    link: '</v2/things/a%20b>; rel="successor-version"',
  })
  expect((await app.inject({ url: '/v2/things/1' })).headers.deprecation).toBeUndefined()
})
