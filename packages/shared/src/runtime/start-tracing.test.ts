import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { OtlpReceiver, spanKinds } from '@clarity/testkit/otlp-receiver'
import { pino } from 'pino'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { InvariantError } from './errors.ts'
import { createLog } from './log.ts'
import { startTracing } from './start-tracing.ts'
import { currentTrace, traceOf, withTrace } from './trace.ts'

const receiver = await OtlpReceiver.start()
afterAll(() => receiver[Symbol.asyncDispose]())
beforeEach(() => {
  receiver.spans.length = 0
  receiver.status = 200
})

const log = createLog({ service: 'test', version: '0', level: 'silent' })
const start = (endpoint: string) => startTracing({ service: 'test', version: '1', endpoint, log })
const idsOf = (traceparent: string | undefined) => traceparent?.split('-').slice(1, 3)
const wait = () => new Promise((resolve) => setImmediate(resolve))

test('a span is a child of the trace that we are in, and what runs within it is in its own', async () => {
  const caller = traceOf(undefined)
  const within: (string | undefined)[] = []
  {
    await using tracing = await start(receiver.url)
    await withTrace(caller, () =>
      tracing.withSpan('GET /things', { kind: 'server', attributes: { 'http.route': '/things' } }, async (span) => {
        await wait()
        within.push(currentTrace())
        span.set({ 'http.response.status_code': 200 })
        await tracing.withSpan('ask', { kind: 'client' }, async () => void within.push(currentTrace()))
      }),
    )
  }
  const [ask, get] = receiver.spans
  const [traceId, callerSpan] = idsOf(caller) ?? []
  expect(get).toMatchObject({
    service: 'test',
    name: 'GET /things',
    kind: spanKinds.server,
    traceId,
    parentSpanId: callerSpan,
    attributes: { 'http.route': '/things', 'http.response.status_code': 200 },
    status: { code: 0 },
  })
  expect(ask).toMatchObject({ traceId, parentSpanId: get?.spanId, kind: spanKinds.client })
  expect(within.map(idsOf)).toEqual([
    [traceId, get?.spanId],
    [traceId, ask?.spanId],
  ])
  expect(receiver.problems).toEqual([])
})

test('a given parent counts more than the trace that we are in, and a batch points to all that is in it', async () => {
  const [parent, ...links] = [traceOf(undefined), traceOf(undefined), traceOf(undefined)]
  {
    await using tracing = await start(receiver.url)
    await withTrace(traceOf(undefined), async () => {
      tracing.start('publish', { kind: 'producer', parent, links: [...links, 'no trace at all'] }).end()
    })
  }
  const [span] = receiver.spans
  expect([span?.traceId, span?.parentSpanId]).toEqual(idsOf(parent))
  expect(span?.links.map(({ traceId, spanId }) => [traceId, spanId])).toEqual(links.map(idsOf))
})

test('who failed says which kind of error it was, and not its words', async () => {
  {
    await using tracing = await start(receiver.url)
    const failing = (error: Error) => tracing.withSpan('fail', { kind: 'client' }, () => Promise.reject(error))
    await expect(failing(new InvariantError('the planted words'))).rejects.toThrow('planted')
    await expect(failing(new TypeError('the planted words'))).rejects.toThrow('planted')
  }
  expect(receiver.spans.map(({ attributes, status }) => [attributes['error.type'], status.code])).toEqual([
    ['invariant', 2],
    ['TypeError', 2],
  ])
  expect(receiver.bodies.join()).not.toContain('planted')
})

test('a caller that does not want to be traced is not, and its trace goes along all the same', async () => {
  const caller = traceOf(undefined).replace(/01$/, '00')
  {
    await using tracing = await start(receiver.url)
    const inside = await tracing.withSpan('quiet', { kind: 'server', parent: caller }, async () => currentTrace())
    expect(idsOf(inside)?.[0]).toBe(idsOf(caller)?.[0])
    expect(inside).toMatch(/-00$/)
  }
  expect(receiver.spans).toEqual([])
})

test('without an endpoint traces go along as they are', async () => {
  await using tracing = await start('')
  const parent = traceOf(undefined)
  const inside = (options: Parameters<typeof tracing.withSpan>[1]) =>
    tracing.withSpan('any', options, async () => currentTrace())
  expect(await inside({ kind: 'consumer', parent })).toBe(parent)
  expect(await withTrace(parent, () => inside({ kind: 'client' }))).toBe(parent)
  expect(await inside({ kind: 'consumer' })).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(await inside({ kind: 'client' })).toBeUndefined()
  expect(tracing.start('any', { kind: 'server', parent }).traceparent).toBe(parent)
})

test('without an endpoint nothing of OpenTelemetry is loaded', async () => {
  const loaded = async (endpoint: string) => {
    const script = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) })
      const { startTracing } = await import('${new URL('./start-tracing.ts', import.meta.url)}')
      await using tracing = await startTracing({ service: 'a', version: '1', endpoint: '${endpoint}', log: null })
      console.log(loaded.filter((name) => name.startsWith('@opentelemetry/')).length)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
    return Number(stdout)
  }
  expect(await loaded('')).toBe(0)
  expect(await loaded(receiver.url)).toBeGreaterThan(3)
})

test('a receiver that refuses is told once, holds nobody up, and takes what comes later', async () => {
  const lines: string[] = []
  const told = pino({}, { write: (line) => void lines.push(JSON.parse(line).event) })
  const tracing = await startTracing({ service: 'test', version: '1', endpoint: receiver.url, log: told })
  receiver.status = 400
  // As many as are sent at once without waiting for more.
  for (let spans = 0; spans < 512; spans++) tracing.start('lost', { kind: 'client' }).end()
  while (lines.length === 0) await wait()
  receiver.status = 200
  tracing.start('found', { kind: 'client' }).end()
  await tracing[Symbol.asyncDispose]()
  expect(receiver.spans.map(({ name }) => name)).toEqual(['found'])
  expect(lines).toEqual(['traces.not-sent', 'traces.sent-again'])
})
