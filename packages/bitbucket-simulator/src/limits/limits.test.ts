import { expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { acme, createBench } from '../testing/client.ts'

const path = '/2.0/workspaces/acme'
const hourMs = 3_600_000

test('a consumer has so many requests in any hour, is told nothing before, and gets each back an hour later', async () => {
  const clock = createClock('manual', 0)
  await using bench = await createBench({ clock, tokenLifeSeconds: 10_000_000, limits: { requestsPerHour: 3 } })
  const statusAfter = async (ms: number) => {
    clock.advance(ms)
    const response = await bench.fetch(path)
    expect(response.headers.get('x-ratelimit-limit')).toBeNull()
    return response.status
  }
  expect([await statusAfter(0), await statusAfter(1_000), await statusAfter(1_000)]).toEqual([200, 200, 200])
  expect(await statusAfter(hourMs - 2_001)).toBe(429)
  expect([await statusAfter(1), await statusAfter(0)]).toEqual([200, 429])
})

test('every consumer has an hour of its own', async () => {
  const other = { ...acme, slug: 'other', consumer: { key: 'other-key', secret: 'other-secret' } }
  await using bench = await createBench({ workspaces: [acme, other], limits: { requestsPerHour: 1 } })
  const token = String((await bench.requestToken('other-key', 'other-secret')).body.access_token)
  expect([(await bench.get(path)).status, (await bench.get(path)).status]).toEqual([200, 429])
  expect((await bench.get('/2.0/workspaces/other', token)).status).toBe(200)
})

test('a person has one hour, whatever the token', async () => {
  await using bench = await createBench({ limits: { requestsPerHour: 1 } })
  const { members } = await bench.truth()
  const statusWithNewToken = async (userUuid: string | undefined) => {
    const { body } = await bench.call('POST', '/_control/workspaces/acme/api-tokens', { userUuid })
    return (await bench.fetch(path, `Basic ${btoa(`${body.email}:${body.token}`)}`)).status
  }
  expect(await statusWithNewToken(members[0]?.userUuid)).toBe(200)
  expect(await statusWithNewToken(members[0]?.userUuid)).toBe(429)
  expect(await statusWithNewToken(members[1]?.userUuid)).toBe(200)
})

test.each([
  ['json', 429, 'application/json; charset=utf-8', 'Rate limit for this resource has been exceeded'],
  ['text', 429, 'text/plain', 'Rate limit for this resource has been exceeded'],
  ['forbidden', 403, 'application/json; charset=utf-8', 'Rate limit for this resource has been exceeded'],
] as const)('the refusal reads as %s', async (form, status, contentType, message) => {
  await using bench = await createBench({ limits: { requestsPerHour: 1, form } })
  await bench.fetch(path)
  const response = await bench.fetch(path)
  expect([response.status, response.headers.get('content-type')]).toEqual([status, contentType])
  expect(await response.text()).toContain(message)
})

test('it says when to come back only when it is told to', async () => {
  const clock = createClock('manual', 0)
  await using bench = await createBench({ clock, limits: { requestsPerHour: 1 } })
  await bench.fetch(path)
  clock.advance(600_000)
  expect((await bench.fetch(path)).headers.get('retry-after')).toBeNull()
  await bench.call('PUT', '/_control/limits', { retryAfter: true })
  expect((await bench.fetch(path)).headers.get('retry-after')).toBe('3000')
})

test('an access token has a larger hour by the seats, and hears of it in headers', async () => {
  await using bench = await createBench()
  await bench.call('PUT', '/_control/workspaces/acme/settings', { seats: 250 })
  const { body } = await bench.call('POST', '/_control/workspaces/acme/access-tokens')
  const response = await bench.fetch('/2.0/repositories/acme', `Bearer ${body.token}`)
  expect(response.status).toBe(200)
  expect(Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-ratelimit')))).toEqual({
    'x-ratelimit-limit': '2500',
    'x-ratelimit-resource': 'api',
    'x-ratelimit-nearlimit': 'false',
  })
})

test('who names no credential has 60 an hour, and is told the seconds that are left', async () => {
  await using bench = await createBench()
  const headers = (await bench.fetch('/2.0/repositories/acme', null)).headers
  expect(headers.get('x-ratelimit-limit')).toBe('60, 60;w=3600')
  expect(headers.get('x-ratelimit-remaining')).toBe('59')
  expect(headers.get('x-ratelimit-reset')).toBe('3600')
})

test('more than so many at the same time are refused although the hour has room', async () => {
  const clock = createClock('manual', 0)
  await using bench = await createBench({ clock, limits: { inFlight: 2 } })
  await bench.call('POST', '/_control/faults', { fault: { type: 'latency', ms: 1_000 } })
  const all = [1, 2, 3].map((number) => bench.fetch(`${path}?n=${number}`))
  // Only the one that is refused is answered while the clock stands still.
  expect((await Promise.race(all)).status).toBe(429)
  clock.advance(1_000)
  const statuses = await Promise.all(all.map(async (response) => (await response).status))
  expect(statuses.toSorted()).toEqual([200, 200, 429])
})
