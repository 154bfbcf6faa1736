import { expect, test } from 'vitest'
import { z } from 'zod'
import { ListCursor, listBegin, type PageOutcome, readNextPage } from './page-by-page.ts'
import { type ListingOptions, pageOf } from './pages.ts'
import { type Handler, json, startTestServer } from './testing/server.ts'

const rowSchema = z.object({ id: z.number() })
const options: ListingOptions<typeof rowSchema> = {
  endpoint: 'GET /2.0/rows',
  path: '/2.0/rows',
  pageSchema: pageOf(rowSchema),
  key: (row) => String(row.id),
}
const rows = (...ids: number[]) => ids.map((id) => ({ id }))

/** Serves pages by their number; each names the next one but for the last. */
function pages(...all: { values: unknown; size?: number; next?: string }[]): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    const number = Number(url.searchParams.get('page') ?? 1)
    url.searchParams.set('page', String(number + 1))
    const page = all[number - 1]
    json(200, { ...(number < all.length && { next: url.href }), ...page })(request, response)
  }
}

/** Reads to the end as many readers in a row would: all that one leaves to the next is its cursor, as text. */
async function read(handler: Handler) {
  await using server = await startTestServer(handler)
  const kept = new Set<number>()
  let outcome: PageOutcome = { state: 'more', cursor: listBegin }
  while (outcome.state === 'more') {
    const from = ListCursor.parse(JSON.parse(JSON.stringify(outcome.cursor)))
    outcome = await readNextPage(server.client, options, from, async (page) => {
      for (const { id } of page) kept.add(id)
      return kept.size
    })
  }
  return { outcome, kept: [...kept], requests: server.calls.length }
}

test('a list that is read on by another reader after each page is read once, and is complete', async () => {
  const result = await read(
    pages({ values: rows(1, 2), size: 4 }, { values: rows(2, 3), size: 4 }, { values: rows(4), size: 4 }),
  )
  expect(result).toMatchObject({
    kept: [1, 2, 3, 4],
    requests: 3,
    outcome: { state: 'complete', cursor: { rows: 4, pages: 3, reported: 4, next: null } },
  })
})

test('an empty page in the middle ends nothing', async () => {
  const { kept } = await read(pages({ values: rows(1) }, { values: [] }, { values: rows(2) }))
  expect(kept).toEqual([1, 2])
})

test.each([
  ['shrinks', pages({ values: rows(1, 2), size: 4 }, { values: rows(3), size: 3 }), 'list-changed'],
  ['grows and ends short', pages({ values: rows(1), size: 2 }, { values: rows(2), size: 3 }), 'list-changed'],
  [
    'has fewer rows than it counts',
    pages({ values: rows(1), size: 3 }, { values: rows(2), size: 3 }),
    'count-mismatch',
  ],
  ['has another shape', pages({ values: rows(1) }, { values: 'none' }), 'unexpected-shape'],
])('a list that %s on the way is not complete, whoever reads on', async (_name, handler, code) => {
  const { outcome } = await read(handler)
  expect(outcome).toMatchObject({ state: 'incomplete', error: { code } })
})

test('a page that points back to itself, or pages without anything new, end it', async () => {
  const loop: Handler = (request, response) => {
    const next = `http://${request.headers.host}/2.0/rows?page=2`
    json(200, { values: rows(1), next })(request, response)
  }
  const { outcome, requests } = await read(loop)
  expect({ outcome, requests }).toMatchObject({ outcome: { error: { code: 'looping-next' } }, requests: 2 })
  const circle: Handler = (request, response) => {
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page') ?? 1)
    json(200, { values: rows(1), next: `http://${request.headers.host}/2.0/rows?page=${page === 2 ? 3 : 2}` })(
      request,
      response,
    )
  }
  expect((await read(circle)).outcome).toMatchObject({ error: { code: 'looping-next' } })
})

test('what the keeper throws is the caller’s own', async () => {
  await using server = await startTestServer(pages({ values: rows(1) }))
  const keep = () => Promise.reject(new Error('Redis is away'))
  await expect(readNextPage(server.client, options, listBegin, keep)).rejects.toThrow('Redis is away')
})
