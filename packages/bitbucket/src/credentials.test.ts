import { inspect } from 'node:util'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { RequestReport } from './client.ts'
import type { Credential } from './credential.ts'
import { getMember } from './endpoints/members.ts'
import { type Handler, json, startTestServer, text } from './testing/server.ts'

const endpoint = 'GET /2.0/thing'
const schema = z.object({ name: z.string() })
const good = json(200, { name: 'thing' })

const consumer = (id: string): Credential => ({ kind: 'oauth-consumer', id, key: id, secret: new Secret('the-secret') })
const apiToken: Credential = {
  kind: 'api-token',
  id: 'person',
  email: 'ann@example.com',
  token: new Secret('the-token'),
}

/** Gives each consumer a token that names it. */
const namedTokens: Handler = (request, response) => {
  const [key] = atob(request.headers.authorization?.slice('Basic '.length) ?? '').split(':')
  json(200, { access_token: `of-${key}`, expires_in: 7_200 })(request, response)
}

/** Answers by whose token comes along; what a credential is not named for, it is given. */
function byCredential(handlers: Readonly<Record<string, Handler>>): Handler {
  return (request, response) => {
    const { authorization = '' } = request.headers
    const id = authorization.startsWith('Bearer of-') ? authorization.slice('Bearer of-'.length) : 'person'
    const handler = handlers[id] ?? good
    handler(request, response)
  }
}

async function startWith(
  credentials: readonly [Credential, ...Credential[]],
  handlers: Readonly<Record<string, Handler>>,
  tokens = namedTokens,
) {
  const reports: RequestReport[] = []
  const server = await startTestServer(byCredential(handlers), tokens, {
    credentials,
    onRequest: (report) => reports.push(report),
  })
  const get = (path = '/2.0/thing', of = endpoint) => server.client.get(path, { endpoint: of, schema })
  const asked = () => reports.map(({ credentialId, status }) => `${credentialId} ${status}`)
  return { server, get, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  const error = await promise.catch((reason: unknown) => reason)
  if (error instanceof UpstreamError) return error
  throw new Error('it did not fail as expected', { cause: error })
}

test('a client with some of its credentials uses those alone, and there is none with no credential', async () => {
  await using bench = await startWith([apiToken, consumer('a')], {})
  const { client } = bench.server
  for (const place of [1, 0, 1]) await client.withCredentials([place]).get('/2.0/thing', { endpoint, schema })
  expect(bench.asked()).toEqual(['a 200', 'person 200', 'a 200'])
  // The token is the one that was there.
  expect(bench.server.tokens()).toBe(1)
  expect(() => client.withCredentials([2])).toThrow(RangeError)
})

describe('an API token', () => {
  test('goes along as Basic credentials, asks for no other token, and tells no scopes', async () => {
    const seen: (string | undefined)[] = []
    const handler: Handler = (request, response) => {
      seen.push(request.headers.authorization)
      good(request, response)
    }
    await using bench = await startWith([apiToken], { person: handler })
    await bench.get()
    expect(seen).toEqual([`Basic ${btoa('ann@example.com:the-token')}`])
    expect(bench.server.tokens()).toBe(0)
    expect(await bench.server.client.grantedScopes()).toBeNull()
  })

  test('that is refused everywhere is told as such, after one look elsewhere, with nothing of it in the error', async () => {
    await using bench = await startWith([apiToken], { person: json(401, {}) })
    const error = await failureOf(bench.get())
    expect(error).toMatchObject({ kind: 'credential', code: 'token-refused', status: 401 })
    expect(bench.server.calls).toEqual(['/2.0/thing', '/2.0/user?fields=uuid'])
    await failureOf(bench.get())
    expect(bench.server.calls).toHaveLength(3)
    expect(inspect(error, { depth: 9 })).not.toMatch(/the-token|ann@/)
  })

  test('that lacks scopes is told which, in its own words', async () => {
    const detail = { granted: [], required: ['read:repository:bitbucket'] }
    await using bench = await startWith([apiToken], { person: json(403, { error: { message: 'no', detail } }) })
    const error = await failureOf(bench.get())
    expect(error).toMatchObject({ kind: 'permission', code: 'scope-missing' })
    expect(error.remedy).toMatch(/API token.*read:repository:bitbucket/)
  })
})

describe('a 401 with a new token', () => {
  const refusing =
    (path: string): Handler =>
    (request, response) =>
      (request.url?.startsWith(path) ? json(401, {}) : good)(request, response)

  test('is about the kind of the token when another endpoint has taken it', async () => {
    await using bench = await startWith([consumer('a')], { a: refusing('/2.0/other') })
    await bench.get()
    expect(await failureOf(bench.get('/2.0/other'))).toMatchObject({
      kind: 'permission',
      code: 'token-kind-unsupported',
    })
    // The renewed token has been taken nowhere yet, so it is looked for once.
    expect(bench.server.calls).toEqual(['/2.0/thing', '/2.0/other', '/2.0/other', '/2.0/user?fields=uuid'])
    await failureOf(bench.get('/2.0/other'))
    expect(bench.server.calls.slice(4)).toEqual(['/2.0/other'])
    expect(bench.server.tokens()).toBe(2)
  })

  test('is about its kind also when a first look at /2.0/user lacks the scope', async () => {
    const handler: Handler = (request, response) =>
      json(request.url?.startsWith('/2.0/user') ? 403 : 401, {})(request, response)
    await using bench = await startWith([apiToken], { person: handler })
    expect(await failureOf(bench.get())).toMatchObject({ code: 'token-kind-unsupported' })
  })

  test.each([400, 403, 404, 410])('is about the call and never about the look, which ended in %i', async (status) => {
    const handler: Handler = (request, response) =>
      json(request.url?.startsWith('/2.0/user') ? status : 401, {})(request, response)
    await using bench = await startWith([consumer('a')], { a: handler })
    const member = failureOf(getMember(bench.server.client, '{w}', '{u}').then(() => undefined))
    expect(await member).toMatchObject({ code: 'token-kind-unsupported', status: 401 })
  })

  test('is explained by one look, however many calls meet it', async () => {
    await using bench = await startWith([consumer('a')], { a: json(401, {}) })
    const errors = await Promise.all(Array.from({ length: 4 }, () => failureOf(bench.get())))
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['token-refused']))
    expect(bench.server.calls.filter((call) => call.startsWith('/2.0/user'))).toHaveLength(1)
  })

  test('ends only the wait of the one who gives up while it is looked into', async () => {
    const looks: (() => void)[] = []
    const handler: Handler = (request, response) => {
      if (request.url?.startsWith('/2.0/user')) looks.push(() => good(request, response))
      else json(401, {})(request, response)
    }
    const controller = new AbortController()
    await using bench = await startWith([apiToken], { person: handler })
    const patient = failureOf(bench.get())
    const hasty = bench.server.client.get('/2.0/thing', { endpoint, schema, signal: controller.signal })
    while (looks.length === 0 || bench.server.calls.length < 3) await new Promise(setImmediate)
    controller.abort(new Error('stopping'))
    await expect(hasty).rejects.toThrow('stopping')
    for (const go of looks) go()
    expect(await patient).toMatchObject({ code: 'token-kind-unsupported' })
  })

  test('keeps no look waiting for room once the client is closed', async () => {
    const waits: AbortSignal[] = []
    const waiting = Promise.withResolvers<void>()
    const server = await startTestServer(json(401, {}), namedTokens, {
      credentials: [apiToken],
      takeBudget: async (_id, signal) => {
        if (signal === undefined) return
        waits.push(signal)
        waiting.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    })
    const call = server.client.get('/2.0/thing', { endpoint, schema }).catch((error: unknown) => error)
    await waiting.promise
    await server[Symbol.asyncDispose]()
    expect(await call).toMatchObject({ message: 'the client is closed' })
    expect(waits).toHaveLength(1)
  })

  test('from where the token was taken before is not about its kind', async () => {
    let revoked = false
    const handler: Handler = (request, response) => (revoked ? json(401, {}) : good)(request, response)
    await using bench = await startWith([apiToken], { person: handler })
    await bench.get()
    revoked = true
    expect(await failureOf(bench.get())).toMatchObject({ kind: 'credential', code: 'token-refused' })
  })

  test.each([
    [429, 'rate-limited'],
    [503, 'unavailable'],
  ])('is not explained by a look that ends in %i', async (status, code) => {
    const handler: Handler = (request, response) =>
      json(request.url?.startsWith('/2.0/user') ? status : 401, {})(request, response)
    await using bench = await startWith([apiToken], { person: handler })
    expect(await failureOf(bench.get())).toMatchObject({ code, retryable: true })
  })
})

describe('of several credentials', () => {
  test('each is used by turns of who has most room', async () => {
    const waiting: (() => void)[] = []
    const hold: Handler = (request, response) => {
      waiting.push(() => good(request, response))
      if (waiting.length === 6) for (const go of waiting) go()
    }
    await using bench = await startWith([consumer('a'), consumer('b')], { a: hold, b: hold })
    await Promise.all(Array.from({ length: 6 }, () => bench.get()))
    expect(bench.asked().toSorted()).toEqual(['a 200', 'a 200', 'a 200', 'b 200', 'b 200', 'b 200'])
  })

  test.each([
    ['a rate limit', text(429, '')],
    ['a credential that is no good', json(401, {})],
    ['a missing scope', json(403, { error: { message: 'x', detail: { granted: [], required: ['account'] } } })],
    ['no permission', json(403, {})],
    ['what one cannot see', json(404, {})],
  ])('the answer of the second counts when the first meets %s', async (_, refusal) => {
    await using bench = await startWith([consumer('a'), consumer('b')], { a: refusal })
    expect(await bench.get()).toEqual({ name: 'thing' })
    expect(bench.asked().at(-1)).toBe('b 200')
  })

  test('one that is no good is left alone while another one works', async () => {
    await using bench = await startWith([consumer('a'), consumer('b')], { a: json(401, {}) })
    for (let call = 0; call < 3; call++) await bench.get()
    expect(bench.asked().filter((one) => one === 'b 200')).toHaveLength(3)
    expect(bench.asked().filter((one) => one.startsWith('a'))).toHaveLength(3)
  })

  test('one that rests gets no call until its time is over', async () => {
    let limited = true
    const handler: Handler = (request, response) =>
      (limited ? text(429, '', { 'retry-after': '60' }) : good)(request, response)
    await using bench = await startWith([consumer('a'), consumer('b')], { a: handler })
    for (let call = 0; call < 4; call++) await bench.get()
    expect(bench.asked()).toEqual(['a 429', 'b 200', 'b 200', 'b 200', 'b 200'])
    limited = false
    bench.server.advance(60_000)
    await Promise.all(Array.from({ length: 8 }, () => bench.get()))
    expect(bench.asked()).toContain('a 200')
  })

  test('what heals by itself is told before what does not', async () => {
    const refusals = { a: json(401, {}), b: text(429, '', { 'retry-after': '1800' }), person: json(403, {}) }
    await using bench = await startWith([consumer('a'), apiToken, consumer('b')], refusals)
    expect(await failureOf(bench.get())).toMatchObject({ kind: 'rate-limited', retryAfterMs: 1_800_000 })
    await using other = await startWith([consumer('a'), apiToken], { a: json(401, {}), person: json(403, {}) })
    expect(await failureOf(other.get())).toMatchObject({ code: 'not-permitted' })
  })

  test.each([
    ['it may not have it', 403, 'not-permitted'],
    ['its scopes do not open it', 403, 'not-found'],
  ])('what one cannot see while another is told that %s', async (why, status, code) => {
    const detail = { granted: [], required: ['account'] }
    const refusal = json(status, { error: { message: 'no', ...(why.includes('scopes') && { detail }) } })
    await using bench = await startWith([consumer('a'), consumer('b')], { a: json(404, {}), b: refusal })
    expect(await failureOf(bench.get())).toMatchObject({ code })
  })

  test('the one that has room soonest is waited for', async () => {
    let first = true
    const soon: Handler = (request, response) => {
      const answer = first ? text(429, '', { 'retry-after': '2' }) : good
      first = false
      answer(request, response)
    }
    const late = text(429, '', { 'retry-after': '1800' })
    await using bench = await startWith([consumer('a'), consumer('b')], { a: late, b: soon })
    expect(await bench.get()).toEqual({ name: 'thing' })
    expect(bench.asked()).toEqual(['a 429', 'b 429', 'b 200'])
  })

  test('one that is given no token is not asked for one by every call, and is tried again later', async () => {
    let mended = false
    const tokens: Handler = (request, response) => {
      const isB = atob(request.headers.authorization?.slice('Basic '.length) ?? '').startsWith('b:')
      const answer = isB && !mended ? json(400, { error: 'unauthorized_client' }) : namedTokens
      answer(request, response)
    }
    const late = text(429, '', { 'retry-after': '1800' })
    await using bench = await startWith([consumer('a'), consumer('b')], { a: late }, tokens)
    for (let call = 0; call < 10; call++) await failureOf(bench.get())
    expect(bench.server.tokens()).toBe(2)
    mended = true
    bench.server.advance(60_000)
    expect(await bench.get()).toEqual({ name: 'thing' })
  })

  test('the error says which one it was refused to', async () => {
    const refusals = { a: json(401, {}), b: json(403, {}) }
    await using bench = await startWith([consumer('a'), consumer('b')], refusals)
    expect((await failureOf(bench.get())).context).toMatchObject({ endpoint, status: 403, credentialId: 'b' })
    await using alone = await startWith([consumer('a')], refusals)
    expect((await failureOf(alone.get())).context).toMatchObject({ endpoint, status: 401, credentialId: 'a' })
  })

  test('an outage is not asked about again with another one', async () => {
    await using bench = await startWith([consumer('a'), consumer('b')], { a: text(503, ''), b: text(503, '') })
    await failureOf(bench.get())
    expect(bench.asked()).toHaveLength(4)
  })
})

test('a burst that is refused halves what is under way, and everything comes in the end', async () => {
  let [running, most] = [0, 0]
  const narrow: Handler = (request, response) => {
    running += 1
    most = Math.max(most, running)
    setImmediate(() => {
      ;(running > 2 ? text(429, '') : good)(request, response)
      running -= 1
    })
  }
  await using bench = await startWith([consumer('a')], { a: narrow })
  const answers = await Promise.all(Array.from({ length: 40 }, () => bench.get()))
  expect(answers).toHaveLength(40)
  expect(most).toBeLessThanOrEqual(16)
})

test('who stands in line when the hour is used up sends nothing any more', async () => {
  const limited = text(429, '', { 'retry-after': '1800' })
  await using bench = await startWith([consumer('a')], { a: limited })
  const errors = await Promise.all(Array.from({ length: 20 }, () => failureOf(bench.get())))
  expect(new Set(errors.map(({ code, retryAfterMs }) => `${code} ${retryAfterMs}`))).toEqual(
    new Set(['rate-limited 1800000']),
  )
  expect(bench.server.calls).toHaveLength(4)
})

test('a clock that is set back makes no rest longer than it was', async () => {
  const limited = text(429, '', { 'retry-after': '60' })
  await using bench = await startWith([consumer('a')], { a: limited })
  await failureOf(bench.get())
  bench.server.advance(-2_500_000)
  expect(await failureOf(bench.get())).toMatchObject({ code: 'rate-limited', retryAfterMs: 60_000 })
  bench.server.advance(45_000)
  expect(await failureOf(bench.get())).toMatchObject({ code: 'rate-limited', retryAfterMs: 15_000 })
})

test('who waits out a short rest learns of the long one that began meanwhile', async () => {
  const held: (() => void)[] = []
  const refusals = ['2', '1800']
  const handler: Handler = (request, response) => {
    const limited = text(429, '', { 'retry-after': refusals[held.length] ?? '0' })
    held.push(() => limited(request, response))
  }
  let nowMs = 0
  const sleeping: ((wake: undefined) => void)[] = []
  const clock = {
    now: () => nowMs,
    sleep: () => new Promise<undefined>((resolve) => void sleeping.push(resolve)),
  }
  const retryPolicy = { initialMs: 1, maxMs: 8_000, factor: 1, attempts: 1 }
  await using server = await startTestServer(handler, undefined, { clock, retryPolicy })
  const get = () => failureOf(server.client.get('/2.0/thing', { endpoint, schema }))
  const [first, second] = [get(), get()]
  while (held.length < 2) await new Promise(setImmediate)
  held[0]?.()
  await Promise.race([first, second])
  const third = get()
  while (sleeping.length === 0) await new Promise(setImmediate)
  held[1]?.()
  await Promise.all([first, second])
  nowMs = 2_000
  sleeping[0]?.(undefined)
  expect(await third).toMatchObject({ code: 'rate-limited', retryAfterMs: 1_798_000 })
  expect(server.calls).toHaveLength(2)
})

test('an abort ends the wait for room at once, and others go on', async () => {
  const held: (() => void)[] = []
  const hold: Handler = (request, response) => void held.push(() => good(request, response))
  const controller = new AbortController()
  await using bench = await startWith([consumer('a')], { a: hold })
  const first = Array.from({ length: 4 }, () => bench.get())
  while (held.length < 4) await new Promise(setImmediate)
  const waiting = bench.server.client.get('/2.0/thing', { endpoint, schema, signal: controller.signal })
  controller.abort(new Error('stopping'))
  await expect(waiting).rejects.toThrow('stopping')
  for (const go of held) go()
  expect(await Promise.all(first)).toHaveLength(4)
  expect(bench.server.calls).toHaveLength(4)
})
