import { expect, test } from 'vitest'
import { acme, createBench } from '../testing/client.ts'

const many = { workspaces: [{ ...acme, repositories: 205 }] }

test('pages of ten by default, and next leads through all of them once', async () => {
  await using bench = await createBench(many)
  const first = await bench.get('/2.0/repositories/acme')
  expect(first.body).toMatchObject({ page: 1, pagelen: 10, size: 205 })
  expect(first.body.values).toHaveLength(10)
  const rows = await bench.list('/2.0/repositories/acme')
  expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(205)
})

test('next is absolute, keeps the query, and is absent on the last page', async () => {
  await using bench = await createBench(many)
  const query = 'pagelen=100&sort=-created_on&fields=%2Bvalues.project.description'
  const first = await bench.get(`/2.0/repositories/acme?${query}`)
  const next = new URL(first.body.next ?? '')
  expect(next.origin).toBe(bench.simulator.url)
  expect(Object.fromEntries(next.searchParams)).toEqual({
    page: '2',
    pagelen: '100',
    sort: '-created_on',
    fields: '+values.project.description',
  })
  const last = await bench.get(`/2.0/repositories/acme?${query}&page=3`)
  expect(last.body.values).toHaveLength(5)
  expect(last.body).not.toHaveProperty('next')
})

test('a last page that is full has no next', async () => {
  await using bench = await createBench(many)
  const last = await bench.get('/2.0/repositories/acme?pagelen=41&page=5')
  expect(last.body.values).toHaveLength(41)
  expect(last.body).not.toHaveProperty('next')
})

test('next uses the host that the client called', async () => {
  await using bench = await createBench()
  const url = bench.simulator.url.replace('127.0.0.1', 'localhost')
  const { body } = await bench.get(`${url}/2.0/workspaces/acme/members?pagelen=2`)
  expect(body.next).toBe(`${url}/2.0/workspaces/acme/members?pagelen=2&page=2`)
})

test.each(['pagelen=101', 'pagelen=0', 'pagelen=ten', 'pagelen=-1'])('%s is an invalid pagelen', async (query) => {
  await using bench = await createBench()
  expect(await bench.get(`/2.0/workspaces/acme/members?${query}`)).toEqual({
    status: 400,
    body: { type: 'error', error: { message: 'Invalid pagelen' } },
  })
})

test('sorts repositories either way, and refuses a field it cannot sort by', async () => {
  await using bench = await createBench(many)
  for (const field of ['created_on', 'name', 'slug']) {
    const up = (await bench.list(`/2.0/repositories/acme?pagelen=50&sort=${field}`)).map((row) => String(row[field]))
    const down = (await bench.list(`/2.0/repositories/acme?pagelen=50&sort=-${field}`)).map((row) => String(row[field]))
    expect(up).toEqual(up.toSorted((a, b) => (a < b ? -1 : 1)))
    expect(down).toEqual(up.toReversed())
  }
  expect((await bench.get('/2.0/repositories/acme?sort=colour')).status).toBe(400)
})

test('a query is refused, not ignored, where a list takes none', async () => {
  await using bench = await createBench()
  expect((await bench.get('/2.0/workspaces/acme/projects?q=name%3D%22x%22')).status).toBe(400)
})
