import { expect, test } from 'vitest'
import { z } from 'zod'
import { createClock } from '../clock.ts'
import { acme, type Bench, createBench } from '../testing/client.ts'

const repositories = '/2.0/repositories/acme?pagelen=2'
const Page = z.object({
  values: z.array(z.object({ uuid: z.string() })),
  size: z.number().optional(),
  next: z.string().optional(),
})

async function meet(bench: Bench, rule: unknown): Promise<void> {
  const answer = await bench.call('POST', '/_control/faults', rule)
  expect(answer).toMatchObject({ status: 201, body: { ids: [expect.any(String)] } })
}

async function readPage(bench: Bench, path = repositories) {
  return Page.parse(await (await bench.fetch(path)).json())
}

test.each([
  [400, 'application/json', '"message"'],
  [401, 'application/json', 'Access token expired'],
  [402, 'application/json', '"message"'],
  [403, 'application/json', '"message"'],
  [404, 'application/json', 'You may not have access'],
  [410, 'application/json', 'CHANGE-2770'],
  [429, 'application/json', 'Rate limit for this resource has been exceeded'],
  [500, 'application/json', '"message"'],
  [502, 'text/html', '<h1>502 Bad Gateway</h1>'],
  [503, 'text/html', 'maintenance'],
  [555, 'application/json', ''],
])('a %i comes as Bitbucket sends it', async (status, type, text) => {
  await using bench = await createBench()
  await meet(bench, { fault: { type: 'status', status } })
  const response = await bench.fetch(repositories)
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toContain(type)
  expect(await response.text()).toContain(text)
})

test('a 429 can say when to come back', async () => {
  await using bench = await createBench()
  await meet(bench, { fault: { type: 'status', status: 429, retryAfterSeconds: 7 } })
  expect((await bench.fetch(repositories)).headers.get('retry-after')).toBe('7')
})

test('a reset connection gives no answer, a body that breaks off or is cut gives half of one', async () => {
  await using bench = await createBench()
  await meet(bench, { resource: 'reset', fault: { type: 'reset' } })
  await meet(bench, { page: 2, fault: { type: 'break-off' } })
  await meet(bench, { page: 1, fault: { type: 'truncate' } })
  await expect(bench.fetch('/2.0/repositories/acme/reset')).rejects.toThrow()
  await expect(bench.fetch(`${repositories}&page=2`).then((response) => response.text())).rejects.toThrow()
  const cut = await bench.fetch(repositories)
  expect(cut.status).toBe(200)
  const text = await cut.text()
  expect(() => JSON.parse(text)).toThrow()
})

test.each(['headers', 'body'] as const)('nothing more comes after the %s stall', async (at) => {
  await using bench = await createBench()
  await meet(bench, { fault: { type: 'stall', at } })
  const gone = new AbortController()
  const pending = fetch(`${bench.simulator.url}${repositories}`, { signal: gone.signal })
  if (at === 'body') expect((await pending).status).toBeGreaterThanOrEqual(200)
  gone.abort()
  await expect(pending.then((response) => response.text())).rejects.toThrow('abort')
})

test.each([
  ['rows-renamed', '"items":['],
  ['fields-renamed', '"uuid_id":'],
  ['array', '[]'],
  ['null', 'null'],
] as const)('a wrong shape is valid JSON: %s', async (as, text) => {
  await using bench = await createBench()
  await meet(bench, { fault: { type: 'wrong-shape', as } })
  const response = await bench.fetch(repositories)
  const body = await response.text()
  expect(body).toContain(text)
  expect(() => JSON.parse(body)).not.toThrow()
})

test('an empty 200 has no body, or a list of nothing', async () => {
  await using bench = await createBench()
  await meet(bench, { page: 1, fault: { type: 'empty', what: 'body' } })
  await meet(bench, { page: 2, fault: { type: 'empty', what: 'list' } })
  expect(await (await bench.fetch(repositories)).text()).toBe('')
  expect(await readPage(bench, `${repositories}&page=2`)).toEqual({ values: [], size: 0 })
})

test('a row comes twice, or is missing while it is counted, uncounted or without a count', async () => {
  await using bench = await createBench()
  const whole = await readPage(bench)
  const met = async (fault: unknown) => {
    await bench.call('DELETE', '/_control/faults')
    await meet(bench, { fault })
    return readPage(bench)
  }
  expect((await met({ type: 'duplicate-row' })).values).toEqual([whole.values[0], ...whole.values])
  const skipped = await met({ type: 'skip-row' })
  expect(skipped).toEqual({ ...whole, values: whole.values.slice(0, -1) })
  expect(await met({ type: 'skip-row', size: 'reduced' })).toEqual({ ...skipped, size: (whole.size ?? 0) - 1 })
  expect(await met({ type: 'skip-row', size: 'absent' })).not.toHaveProperty('size')
})

test('next leads to another host, or to where it stands', async () => {
  await using bench = await createBench()
  await meet(bench, { page: 1, fault: { type: 'next', to: 'elsewhere' } })
  await meet(bench, { page: 2, fault: { type: 'next', to: 'itself' } })
  expect(new URL((await readPage(bench)).next ?? '').origin).toBe('https://elsewhere.example')
  expect((await readPage(bench, `${repositories}&page=2`)).next).toBe(`${bench.simulator.url}${repositories}&page=2`)
})

test('latency takes its time by the clock and leaves the answer as it is', async () => {
  const clock = createClock('manual', 0)
  await using bench = await createBench({ clock })
  await meet(bench, { fault: { type: 'latency', ms: 60_000 } })
  const pending = bench.fetch(repositories)
  while (bench.simulator.faults.read()[0]?.fired === 0) await bench.call('GET', '/_control/clock')
  clock.advance(60_000)
  expect((await pending).status).toBe(200)
})

test('a rule meets the calls that it names, and no others', async () => {
  await using bench = await createBench()
  const [first, second] = (await bench.truth()).repositories
  const endpoint = 'GET /2.0/repositories/{workspace}/{repo_slug}/permissions-config/users'
  await meet(bench, { endpoint, resource: first?.uuid, fault: { type: 'status', status: 500 } })
  const statusOf = async (id: string | undefined, list: string) =>
    (await bench.fetch(`/2.0/repositories/acme/${encodeURIComponent(id ?? '')}/permissions-config/${list}`)).status
  expect(await statusOf(first?.slug, 'users')).toBe(500)
  expect(await statusOf(first?.uuid, 'users')).toBe(500)
  expect(await statusOf(first?.slug, 'groups')).toBe(200)
  expect(await statusOf(second?.slug, 'users')).toBe(200)
})

test('attempts count for each call by itself, whatever comes between', async () => {
  await using bench = await createBench()
  await meet(bench, { attempts: { from: 2, to: 2 }, fault: { type: 'status', status: 503 } })
  const statuses: number[] = []
  for (const page of [1, 2, 1, 2, 1, 2]) statuses.push((await bench.fetch(`${repositories}&page=${page}`)).status)
  expect(statuses).toEqual([200, 200, 503, 503, 200, 200])
})

test('a share meets the same calls each time, in whatever order they come', async () => {
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1)
  const met = async (order: readonly number[], seed: number) => {
    await using bench = await createBench()
    await meet(bench, { share: 0.3, seed, fault: { type: 'status', status: 503 } })
    const hit: number[] = []
    for (const page of order) if ((await bench.fetch(`${repositories}&page=${page}`)).status === 503) hit.push(page)
    return hit.toSorted((a, b) => a - b)
  }
  const forwards = await met(numbers, 1)
  expect(await met(numbers.toReversed(), 1)).toEqual(forwards)
  expect(forwards.length).toBeGreaterThan(5)
  expect(forwards.length).toBeLessThan(35)
  expect(await met(numbers, 2)).not.toEqual(forwards)
})

test('a rule that has not fired as often as it must says so', async () => {
  await using bench = await createBench()
  await meet(bench, { page: 1, atLeast: 2, fault: { type: 'status', status: 500 } })
  await meet(bench, { page: 77, fault: { type: 'status', status: 500 } })
  await bench.fetch(repositories)
  const states = () => bench.simulator.faults.read().map(({ fired, satisfied }) => ({ fired, satisfied }))
  expect(states()).toEqual([
    { fired: 1, satisfied: false },
    { fired: 0, satisfied: false },
  ])
  await bench.fetch(repositories)
  expect(states()[0]).toEqual({ fired: 2, satisfied: true })
})

test('an answer lost after it was made was counted and counts against the hour; one refused before did not', async () => {
  await using bench = await createBench({ limits: { requestsPerHour: 2 } })
  await meet(bench, { page: 1, fault: { type: 'status', status: 500, when: 'before' } })
  await meet(bench, { page: 2, fault: { type: 'reset', when: 'after' } })
  for (let round = 0; round < 3; round++) await bench.fetch(repositories)
  await expect(bench.fetch(`${repositories}&page=2`)).rejects.toThrow()
  expect((await bench.fetch(`${repositories}&page=3`)).status).toBe(200)
  expect((await bench.fetch(`${repositories}&page=4`)).status).toBe(429)
  const { body } = await bench.call('GET', '/_control/requests')
  expect(body).toMatchObject({ total: 6, byStatus: { 500: 3, none: 1, 200: 1, 429: 1 } })
})

test('the log says what was asked, by whom, and what went wrong, and holds no secret', async () => {
  await using bench = await createBench({ workspaces: [acme] })
  await meet(bench, { fault: { type: 'status', status: 502 } })
  await bench.fetch(repositories)
  const { body } = await bench.call('GET', '/_control/requests/log')
  expect(body.items).toEqual([
    expect.objectContaining({ endpoint: 'POST /site/oauth2/access_token', status: 200, credential: 'key' }),
    {
      number: 2,
      at: expect.any(String),
      method: 'GET',
      path: repositories,
      endpoint: 'GET /2.0/repositories/{workspace}',
      status: 502,
      durationMs: expect.any(Number),
      credential: 'key',
      workspace: 'acme',
      faults: ['status'],
    },
  ])
  expect(JSON.stringify(body)).not.toContain('secret')
})

test.each([
  ['an unknown type', { fault: { type: 'meteor' } }, 'fault'],
  [
    'an endpoint that is none',
    { endpoint: 'GET /2.0/nothing', fault: { type: 'reset' } },
    'endpoint: there is no endpoint',
  ],
  ['a share above one', { share: 2, fault: { type: 'reset' } }, 'share'],
])('refuses a rule with %s and names the field', async (_, rule, field) => {
  await using bench = await createBench()
  const answer = await bench.call('POST', '/_control/faults', rule)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(field)
})

test('a rule for an endpoint that is none can never fire, and is not taken', async () => {
  await using bench = await createBench()
  const rule = { attempts: { from: 1, to: null }, share: 1, seed: 0, atLeast: 0, fault: { type: 'break-off' } } as const
  expect(() => bench.simulator.faults.add({ ...rule, endpoint: 'GET /2.0/nothing' })).toThrow('no endpoint')
})
