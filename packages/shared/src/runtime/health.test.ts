import { fastify } from 'fastify'
import { Gauge } from 'prom-client'
import { expect, test } from 'vitest'
import { addHealthRoutes, startHealthServer } from './health.ts'
import { createRegistry } from './metrics.ts'

test('the metrics of Node and of the service come in the text format of Prometheus, with the name of the service', async () => {
  const registry = createRegistry('publisher')
  new Gauge({ name: 'clarity_example', help: 'An example.', registers: [registry] }).set(7)
  await using server = await startHealthServer({ host: '127.0.0.1', port: 0, checks: [], registry })
  const response = await fetch(`${server.listeningOrigin}/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await response.text()
  expect(text).toContain('# TYPE clarity_example gauge\nclarity_example{service="publisher"} 7\n')
  expect(text).toMatch(/^nodejs_heap_size_used_bytes\{service="publisher"\} \d+$/m)
})

test('two registries in one process do not mix', async () => {
  const [one, other] = [createRegistry('one'), createRegistry('other')]
  new Gauge({ name: 'clarity_example', help: 'An example.', registers: [one] }).set(7)
  expect(await one.metrics()).toContain('clarity_example')
  expect(await other.metrics()).not.toContain('clarity_example')
})

test('without a registry there are no metrics', async () => {
  await using app = fastify()
  addHealthRoutes(app, [])
  expect((await app.inject('/metrics')).statusCode).toBe(404)
  expect((await app.inject('/livez')).statusCode).toBe(200)
})

test('metrics, like the health of a service, need no key', async () => {
  await using app = fastify()
  const isPublic: Record<string, unknown> = {}
  app.addHook('onRoute', ({ url, config }) => {
    isPublic[url] = config !== undefined && 'public' in config && config.public
  })
  addHealthRoutes(app, [], { registry: createRegistry('one') })
  expect(isPublic).toEqual({ '/livez': true, '/readyz': true, '/metrics': true })
})

test('what a service serves most requests without is named while it is away, and does not keep it from being ready', async () => {
  const away = { name: 'view', check: () => Promise.reject(new Error('away')) }
  const there = { name: 'redis', check: () => Promise.resolve() }
  await using app = fastify()
  addHealthRoutes(app, [there], { later: [away] })
  const response = await app.inject('/readyz')
  expect([response.statusCode, response.json()]).toEqual([200, { status: 'ok', waitingFor: ['view'] }])
})

test('a service that lacks what it needs is not ready, and names all that is away', async () => {
  const away = (name: string) => ({ name, check: () => Promise.reject(new Error('away')) })
  await using app = fastify()
  addHealthRoutes(app, [away('redis')], { later: [away('view')] })
  const response = await app.inject('/readyz')
  expect([response.statusCode, response.json()]).toEqual([503, { status: 'unavailable', failed: ['redis', 'view'] }])
})

test('the metrics say of everything that a service needs whether it answers', async () => {
  const away = { name: 'view', check: () => Promise.reject(new Error('away')) }
  const there = { name: 'redis', check: () => Promise.resolve() }
  const registry = createRegistry('one')
  await using app = fastify()
  addHealthRoutes(app, [there], { later: [away], registry })
  const { body } = await app.inject('/metrics')
  expect(body).toContain('clarity_dependency_available{dependency="redis",service="one"} 1\n')
  expect(body).toContain('clarity_dependency_available{dependency="view",service="one"} 0\n')
})
