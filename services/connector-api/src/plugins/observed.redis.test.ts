import { once } from 'node:events'
import { request } from 'node:http'
import { setImmediate as immediate } from 'node:timers/promises'
import { createLog } from '@clarity/shared/runtime/log'
import { startTracing } from '@clarity/shared/runtime/start-tracing'
import { traceOf } from '@clarity/shared/runtime/trace'
import { OtlpReceiver, spanKinds } from '@clarity/testkit/otlp-receiver'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { bearer, createTestApi, input } from '../testing/api.ts'

/** What is seen of a request from outside: figures, log lines, spans. */
const api = await createTestApi()
const receiver = await OtlpReceiver.start()
afterAll(() => receiver[Symbol.asyncDispose]())

beforeEach(async () => {
  await api.redis.flushdb()
  receiver.spans.length = 0
})

const Line = z.looseObject({ event: z.string() })

function createLines() {
  const lines: z.infer<typeof Line>[] = []
  const write = (line: string) => void lines.push(Line.parse(JSON.parse(line)))
  return { lines, log: createLog({ service: 'connector-api', version: '1', level: 'info' }, { write }) }
}

test('requests are counted by method, route and status; what callers make up is in no label, and probes are left out', async () => {
  const { app } = await api.build()
  await app.inject({ method: 'POST', url: '/v1/connections', headers: bearer, payload: input })
  for (const url of [
    '/v1/connections/con_1',
    '/v1/connections/con_2',
    '/v1/connections/con_1?a=b',
    '/v1/made-up/1',
    '/x',
  ]) {
    await app.inject({ url, headers: bearer })
  }
  await app.inject({ url: '/v1/connections/con_1' })
  await app.inject('/livez')
  const { body, statusCode } = await app.inject('/metrics')
  expect(statusCode).toBe(200)
  const counts = [...body.matchAll(/^clarity_http_request_seconds_count\{(.*)\} (\d+)$/gm)].map(([, labels, n]) => [
    labels,
    n,
  ])
  expect(Object.fromEntries(counts)).toEqual({
    'method="POST",route="/v1/connections",status="201"': '1',
    'method="GET",route="/v1/connections/:id",status="200"': '1',
    'method="GET",route="/v1/connections/:id",status="400"': '1',
    'method="GET",route="/v1/connections/:id",status="404"': '1',
    'method="GET",route="/v1/connections/:id",status="401"': '1',
    'method="GET",route="unknown",status="404"': '2',
  })
  expect(body).toMatch(/^clarity_http_requests_in_flight 0$/m)
})

test('a caller that goes away is counted as such, and is no longer in flight', async () => {
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<never>()
  const { app } = await api.build({
    checkAccess: () => {
      asked.resolve()
      return held.promise
    },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const gone = new AbortController()
  const call = fetch(`${url}/v1/connections`, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify(input),
    signal: gone.signal,
  })
  await asked.promise
  const metrics = async () => (await app.inject('/metrics')).body
  expect(await metrics()).toMatch(/^clarity_http_requests_in_flight 1$/m)
  gone.abort()
  await expect(call).rejects.toThrow()
  while (!/^clarity_http_requests_in_flight 0$/m.test(await metrics())) await immediate()
  expect(await metrics()).toContain(
    'clarity_http_request_seconds_count{method="POST",route="/v1/connections",status="aborted"} 1',
  )
  held.reject(new Error('given up'))
  await app.close()
})

test('what is logged of a request says which one, whose and on whose behalf it was, also of one that failed', async () => {
  const { lines, log } = createLines()
  const { app } = await api.build({ log, checkAccess: () => Promise.reject(new TypeError('a defect')) })
  const traceparent = traceOf(undefined)
  const { body } = await app.inject({
    method: 'POST',
    url: '/v1/connections',
    headers: { ...bearer, traceparent },
    payload: input,
  })
  const { requestId } = JSON.parse(body)
  const ids = { requestId, tenantId: 'acme', traceId: traceparent.split('-')[1] }
  expect(lines).toMatchObject([
    { ...ids, event: 'request.failed', level: 'error', service: 'connector-api', version: '1', instance: process.pid },
    { ...ids, event: 'request.answered', method: 'POST', route: '/v1/connections', status: 500 },
  ])
})

test('a request is a span of its caller, and what it asks of the queue carries on from there, also when its body comes in pieces', async () => {
  const tracing = await startTracing({
    service: 'connector-api',
    version: '1',
    endpoint: receiver.url,
    log: createLines().log,
  })
  const { app } = await api.build({ tracing })
  const arrived = Promise.withResolvers<void>()
  app.server.once('request', () => arrived.resolve())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const traceparent = traceOf(undefined)
  const call = request(`${url}/v1/connections`, {
    method: 'POST',
    headers: { ...bearer, traceparent, 'content-type': 'application/json' },
  })
  const [text, answered] = [JSON.stringify(input), once(call, 'response')]
  call.write(text.slice(0, 20))
  await arrived.promise
  call.end(text.slice(20))
  const [response] = await answered
  expect(response.statusCode).toBe(201)
  response.resume()
  await once(response, 'close')
  await app.close()
  await tracing[Symbol.asyncDispose]()
  const [, traceId, parentSpanId] = traceparent.split('-')
  expect(receiver.spans).toMatchObject([
    {
      name: 'POST /v1/connections',
      kind: spanKinds.server,
      traceId,
      parentSpanId,
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/connections', 'http.response.status_code': 201 },
      status: { code: 0 },
    },
  ])
  const { spanId } = receiver.spans[0] ?? {}
  const told = (await api.redis.xrange(api.keys.shard(0).outbox, '-', '+')).map(([, fields]) => fields.join(' '))
  // That it was saved, that a sync is wanted, and who did it.
  expect(told).toHaveLength(3)
  for (const entry of told) expect(entry).toContain(`"traceparent":"00-${traceId}-${spanId}-01"`)
})
