import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { type Clock, systemClock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkAccess } from './check.ts'
import type { RequestReport } from './client.ts'
import { type Handler, json, startTestServer, text } from './testing/server.ts'

const endpoint = 'GET /2.0/thing'
const schema = z.object({ name: z.string() })
const good = json(200, { name: 'thing', more: 'ignored' })

/** Answers with one handler after the other, and with the last one for ever. */
function inTurn(...handlers: Handler[]): Handler {
  const left = [...handlers]
  return (request, response) => ((left.length > 1 ? left.shift() : left[0]) ?? good)(request, response)
}

async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (error instanceof UpstreamError) return error
  throw error
}

describe('an answer that is not what was asked for', () => {
  const reset: Handler = (request) => request.socket.destroy()
  const broken: Handler = (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"name": "th')
    setImmediate(() => response.destroy())
  }
  const endless: Handler = (_request, response) => {
    response.writeHead(200)
    const megabyte = Buffer.alloc(1024 * 1024, ' ')
    const more = () => {
      while (!response.destroyed && response.write(megabyte));
    }
    response.on('drain', more)
    more()
  }
  const limit = 'Rate limit for this resource has been exceeded'
  const scopes = {
    message: 'lack one or more required privilege scopes',
    detail: { granted: ['account'], required: ['project:admin'] },
  }

  test.each<[string, Handler, Partial<UpstreamError>, number]>([
    ['400', json(400, { error: { message: 'bad' } }), { kind: 'contract', code: 'refused', status: 400 }, 1],
    ['401 again after a new token', json(401, {}), { kind: 'credential', code: 'token-refused' }, 3],
    ['402', json(402, {}), { kind: 'permission', code: 'payment-required' }, 1],
    ['403', json(403, { error: { message: 'no' } }), { kind: 'permission', code: 'not-permitted' }, 1],
    ['403 for a missing scope', json(403, { error: scopes }), { kind: 'permission', code: 'scope-missing' }, 1],
    ['403 that is a rate limit', text(403, limit), { kind: 'rate-limited', retryable: true }, 4],
    ['404', json(404, {}), { kind: 'permission', code: 'not-found' }, 1],
    ['410', json(410, {}), { kind: 'permission', code: 'gone' }, 1],
    ['429 in plain text', text(429, limit), { kind: 'rate-limited', retryable: true }, 4],
    ['429 in an envelope', json(429, { error: { message: limit } }), { kind: 'rate-limited' }, 4],
    ['500', json(500, {}), { kind: 'unavailable', status: 500 }, 4],
    ['502 with HTML', text(502, '<html>'), { kind: 'unavailable' }, 4],
    ['503', text(503, ''), { kind: 'unavailable' }, 4],
    ['555', text(555, ''), { kind: 'unavailable' }, 4],
    ['a reset connection', reset, { kind: 'unavailable', code: 'no-answer', status: null }, 4],
    ['a body that breaks off', broken, { kind: 'unavailable', code: 'no-answer' }, 4],
    ['HTML with 200', text(200, '<html>maintenance</html>'), { kind: 'unavailable', code: 'no-answer' }, 4],
    ['an empty 200', text(200, ''), { kind: 'contract', code: 'empty-body', status: 200 }, 1],
    ['truncated JSON', text(200, '{"name": "th'), { kind: 'unavailable', code: 'no-answer' }, 4],
    ['a body without end', endless, { kind: 'contract', code: 'body-too-large' }, 1],
    ['a redirect to no URL', text(302, '', { location: 'http://' }), { kind: 'contract', code: 'foreign-host' }, 1],
    ['redirects without end', text(302, '', { location: '/2.0/thing' }), { kind: 'contract', code: 'refused' }, 4],
    ['JSON of another shape', json(200, { title: 'x' }), { kind: 'contract', code: 'unexpected-shape' }, 1],
  ])('%s is told as what it is, after as many tries as make sense', async (_name, handler, expected, tries) => {
    await using server = await startTestServer(handler)
    const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
    expect(error).toMatchObject(expected)
    expect(error.message).toContain('thing')
    expect(error.remedy).not.toBe('')
    expect(server.calls).toHaveLength(tries)
    expect(inspect(error, { depth: 9 })).not.toMatch(/the-secret|Bearer token/)
  })

  test('that names the missing scopes has them in the error', async () => {
    await using server = await startTestServer(json(403, { error: scopes }))
    expect((await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))).message).toContain('project:admin')
  })
})

describe('a Bitbucket that goes silent is left', () => {
  const silent: Handler = () => undefined
  const halfway: Handler = (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"name": "th')
  }
  const retryPolicy = { initialMs: 1, maxMs: 1, factor: 1, attempts: 1 }

  test.each([
    ['before the headers', silent, { headersTimeoutMs: 50 }],
    ['in the middle of the body', halfway, { bodyTimeoutMs: 50 }],
    ['however it drips', halfway, { requestTimeoutMs: 50 }],
  ])('%s', async (_name, handler, limits) => {
    await using server = await startTestServer(handler, undefined, { limits, retryPolicy })
    const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
    expect(error).toMatchObject({ kind: 'unavailable', code: 'no-answer', status: null })
  })

  test('when it takes no connection', async () => {
    const server = await startTestServer(silent, undefined, { retryPolicy })
    await server[Symbol.asyncDispose]()
    await using other = await startTestServer(silent, undefined, {
      retryPolicy,
      urls: { api: server.url, token: `${server.url}/site/oauth2/access_token` },
    })
    expect(await failureOf(other.client.get('/2.0/thing', { endpoint, schema }))).toMatchObject({ code: 'no-answer' })
  })
})

test('an error quotes nothing of a body that does not parse', async () => {
  await using server = await startTestServer(text(200, '{"display_name": Jane Doe}'))
  const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
  expect(inspect(error, { depth: 9 })).not.toContain('Jane')
})

test('an error carries what Atlassian needs to find the request', async () => {
  await using server = await startTestServer(json(200, { title: 'x' }, { 'x-request-id': 'abc' }))
  const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
  expect(error.context).toEqual({ endpoint, status: 200, requestId: 'abc', credentialId: 'the-key' })
})

test('each request to the API is reported once, those for a token are not', async () => {
  const reports: RequestReport[] = []
  const reset: Handler = (request) => request.socket.destroy()
  const moved = text(302, '', { location: '/2.0/new' })
  const handler = inTurn(json(401, {}), text(503, ''), reset, moved, good)
  await using server = await startTestServer(handler, undefined, { onRequest: (report) => reports.push(report) })
  await server.client.get('/2.0/thing', { endpoint, schema })
  expect(reports.map(({ status, attempt }) => [status, attempt])).toEqual([
    [401, 1],
    [503, 1],
    [null, 2],
    [302, 3],
    [200, 3],
  ])
  expect(reports[0]).toEqual({ endpoint, status: 401, attempt: 1, durationMs: 0, credentialId: 'the-key' })
})

test('what heals by itself is waited for and tried again, as long as the other side asks', async () => {
  await using server = await startTestServer(inTurn(text(503, ''), text(429, '', { 'retry-after': '3' }), good))
  expect(await server.client.get('/2.0/thing', { endpoint, schema })).toEqual({ name: 'thing' })
  expect(server.waits).toEqual([250, 3_000])
})

test('a limit that asks for more patience than a call has is left to the caller', async () => {
  await using server = await startTestServer(text(429, '', { 'retry-after': '1800' }))
  const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
  expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 1_800_000 })
  expect(server.calls).toHaveLength(1)
})

test('an abort ends a call at once with its own reason', async () => {
  const controller = new AbortController()
  await using server = await startTestServer(() => controller.abort(new Error('stopping')))
  const call = server.client.get('/2.0/thing', { endpoint, schema, signal: controller.signal })
  await expect(call).rejects.toThrow('stopping')
})

test('an abort ends the wait before the next try at once', async () => {
  const controller = new AbortController()
  const clock: Clock = {
    now: () => 0,
    sleep: (ms, signal) => {
      controller.abort(new Error('stopping'))
      return systemClock.sleep(ms, signal)
    },
  }
  await using server = await startTestServer(text(503, ''), undefined, { clock })
  const call = server.client.get('/2.0/thing', { endpoint, schema, signal: controller.signal })
  await expect(call).rejects.toThrow('stopping')
  expect(server.calls).toHaveLength(1)
})

test('a body over the limit ends its connection, and those within it are kept for the next calls', async () => {
  const sockets: Socket[] = []
  const closed = Promise.withResolvers<void>()
  const body = `{"name": "${'x'.repeat(50)}"}`
  const handler: Handler = (request, response) => {
    sockets.push(request.socket)
    if (sockets.length <= 10) return text(200, body)(request, response)
    request.socket.on('close', () => closed.resolve())
    response.writeHead(200, { 'content-length': '1000000' })
    response.write('x'.repeat(200))
  }
  await using server = await startTestServer(handler, undefined, { limits: { bodyBytesMax: 100 } })
  const get = () => server.client.get('/2.0/thing', { endpoint, schema })
  for (let call = 0; call < 10; call++) await get()
  // The connection of a call is free a moment after its answer, so that two take turns.
  expect(new Set(sockets).size).toBeLessThanOrEqual(2)
  expect(await failureOf(get())).toMatchObject({ code: 'body-too-large' })
  await closed.promise
})

test.each([
  [{ scope: 'account project' }, ['account', 'project']],
  [{ scopes: 'account,project, repository' }, ['account', 'project', 'repository']],
  [{ scope: ['account', 'project'] }, ['account', 'project']],
  [{ scope: '' }, []],
  [{}, null],
])('a token with %o grants %o', async (fields, granted) => {
  const token = json(200, { access_token: 'token', expires_in: 7_200, ...fields })
  await using server = await startTestServer(good, token)
  expect(await server.client.grantedScopes()).toEqual(granted)
})

test('a token that does not tell its scopes is not refused for lacking them', async () => {
  const workspace = { uuid: '{1}', slug: 'acme', name: 'Acme' }
  const token = json(200, { access_token: 'token', expires_in: 7_200 })
  await using server = await startTestServer(json(200, workspace), token)
  expect(await checkAccess(server.client, 'acme')).toEqual(workspace)
})

describe('a redirect', () => {
  const moved: Handler = (request, response) =>
    request.url === '/2.0/thing' ? text(302, '', { location: '/2.0/new' })(request, response) : good(request, response)

  test('within the API is followed', async () => {
    await using server = await startTestServer(moved)
    expect(await server.client.get('/2.0/thing', { endpoint, schema })).toEqual({ name: 'thing' })
    expect(server.calls).toEqual(['/2.0/thing', '/2.0/new'])
  })

  test('to another host never sees the token', async () => {
    await using other = await startTestServer(good)
    await using server = await startTestServer(text(302, '', { location: `${other.url}/2.0/thing` }))
    const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
    expect(error).toMatchObject({ kind: 'contract', code: 'foreign-host' })
    expect(other.calls).toEqual([])
  })
})

describe('the token', () => {
  test('is asked for once, however many calls wait for it', async () => {
    await using server = await startTestServer(good)
    await Promise.all(Array.from({ length: 20 }, () => server.client.get('/2.0/thing', { endpoint, schema })))
    expect(server.tokens()).toBe(1)
  })

  test('is renewed when 80 % of its life is over, and not before', async () => {
    const token = json(200, { access_token: 'token', expires_in: 1_000, scopes: 'account' })
    await using server = await startTestServer(good, token)
    await server.client.get('/2.0/thing', { endpoint, schema })
    server.advance(799_000)
    await server.client.get('/2.0/thing', { endpoint, schema })
    expect(server.tokens()).toBe(1)
    server.advance(2_000)
    await server.client.get('/2.0/thing', { endpoint, schema })
    expect(server.tokens()).toBe(2)
  })

  test('that is refused is renewed once, for all calls that it was refused to', async () => {
    const tokens = ['old', 'new'].values()
    const token: Handler = (request, response) =>
      json(200, { access_token: tokens.next().value ?? 'new', expires_in: 7_200 })(request, response)
    const onlyNew: Handler = (request, response) =>
      (request.headers.authorization === 'Bearer new' ? good : json(401, {}))(request, response)
    await using server = await startTestServer(onlyNew, token)
    await Promise.all(Array.from({ length: 5 }, () => server.client.get('/2.0/thing', { endpoint, schema })))
    expect(server.tokens()).toBe(2)
  })

  test.each([
    [400, { error: 'unauthorized_client' }, 'bad-credentials'],
    [401, { error: 'invalid_client' }, 'bad-credentials'],
    [401, {}, 'bad-credentials'],
    [
      400,
      {
        error: 'invalid_grant',
        error_description: 'Cannot use client_credentials with a consumer marked as "public".',
      },
      'consumer-not-private',
    ],
    [
      400,
      { error: 'invalid_request', error_description: 'No callback uri defined for the OAuth client.' },
      'consumer-without-callback-url',
    ],
    [400, { error: 'invalid_request' }, 'consumer-without-callback-url'],
    [400, { error: 'something_new' }, 'consumer-refused'],
    [400, {}, 'consumer-refused'],
  ])('that is not given (%i %o) names the mistake at the consumer', async (status, body, code) => {
    await using server = await startTestServer(good, json(status, body))
    const error = await failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
    expect(error).toMatchObject({ kind: 'credential', code, retryable: false })
    expect(server.tokens()).toBe(1)
    expect(server.calls).toEqual([])
    expect(inspect(error, { depth: 9 })).not.toContain('the-secret')
  })

  test('is waited for no longer than the caller wants', async () => {
    const controller = new AbortController()
    await using server = await startTestServer(good, () => controller.abort(new Error('stopping')))
    await expect(server.client.grantedScopes(controller.signal)).rejects.toThrow('stopping')
    const call = server.client.get('/2.0/thing', { endpoint, schema, signal: controller.signal })
    await expect(call).rejects.toThrow('stopping')
    expect(server.calls).toEqual([])
  })

  test.each([
    ['503', text(503, '')],
    ['429', text(429, '')],
    ['a maintenance page', text(200, '<html>')],
  ])('that cannot be given for the moment (%s) is tried again', async (_name, token) => {
    await using server = await startTestServer(good, token)
    const error = await failureOf(server.client.grantedScopes())
    expect(error.retryable).toBe(true)
    expect(server.tokens()).toBe(4)
  })
})
