import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ListingOptions, pageOf, readFirstRows, readListing, readRows } from './pages.ts'
import { type Handler, json, startTestServer, text } from './testing/server.ts'

const rowSchema = z.object({ id: z.number(), name: z.string().optional() })
const options: ListingOptions<typeof rowSchema> = {
  endpoint: 'GET /2.0/rows',
  path: '/2.0/rows',
  pageSchema: pageOf(rowSchema),
  key: (row) => String(row.id),
}
const rows = (...ids: number[]) => ids.map((id) => ({ id }))

/** Serves pages by their number; a page names the next one unless it is the last. */
function pages(...all: { values: unknown; next?: string; size?: number }[]): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    const number = Number(url.searchParams.get('page') ?? 1)
    const page = all[number - 1] ?? { values: [] }
    url.searchParams.set('page', String(number + 1))
    const next = number < all.length ? { next: url.href } : {}
    json(200, { ...next, ...page })(request, response)
  }
}

async function read(handler: Handler) {
  await using server = await startTestServer(handler)
  return { ...(await readListing(server.client, options)), calls: server.calls }
}

describe('a listing is complete', () => {
  test('when the last of its pages names no next one', async () => {
    const result = await read(pages({ values: rows(1, 2), size: 3 }, { values: rows(3), size: 3 }))
    expect(result).toMatchObject({ state: 'complete', rows: rows(1, 2, 3), reported: 3, pages: 2 })
    expect(result.calls).toEqual(['/2.0/rows?pagelen=100', '/2.0/rows?pagelen=100&page=2'])
  })

  test('with an empty page in the middle', async () => {
    const result = await read(pages({ values: rows(1) }, { values: [] }, { values: rows(2) }))
    expect(result).toMatchObject({ state: 'complete', rows: rows(1, 2), reported: null })
  })

  test('without the rows that came twice', async () => {
    const result = await read(pages({ values: rows(1, 2) }, { values: rows(2, 3) }))
    expect(result).toMatchObject({ state: 'complete', rows: rows(1, 2, 3) })
  })

  test.each([0, 1, 100, 101, 250])('of %i rows in as few requests as these take', async (count) => {
    const all = rows(...Array(count).keys())
    const hundreds = Array.from({ length: Math.max(1, Math.ceil(count / 100)) }, (_, page) => ({
      values: all.slice(page * 100, (page + 1) * 100),
      size: count,
    }))
    const result = await read(pages(...hundreds))
    expect(result).toMatchObject({ state: 'complete', rows: all, reported: count })
    expect(result.calls).toHaveLength(hundreds.length)
  })

  test.each([
    ['an envelope', json(400, { error: { message: 'Invalid pagelen' } })],
    ['plain text', text(400, 'Invalid pagelen')],
  ])('with shorter pages where the long ones are refused by %s', async (_name, refusal) => {
    const refusing: Handler = (request, response) =>
      /pagelen=(100|50)/.test(request.url ?? '')
        ? refusal(request, response)
        : pages({ values: rows(1) })(request, response)
    const result = await read(refusing)
    expect(result).toMatchObject({ state: 'complete', rows: rows(1) })
    expect(result.calls.map((call) => /\d+$/.exec(call)?.[0])).toEqual(['100', '50', '10'])
  })

  test('with the later content of a row that changed', async () => {
    const changed = pages({ values: [{ id: 1, name: 'old' }] }, { values: [{ id: 1, name: 'new' }] })
    expect(await read(changed)).toMatchObject({ state: 'complete', rows: [{ id: 1, name: 'new' }] })
  })

  test('when it grew, and every row came', async () => {
    const grown = pages({ values: rows(1, 2), size: 2 }, { values: rows(2, 3), size: 3 })
    expect(await read(grown)).toMatchObject({ state: 'complete', rows: rows(1, 2, 3), reported: 3 })
  })
})

describe('a list that shrinks while it is read', () => {
  const shrinking = (times: number): Handler => {
    let left = times
    return (request, response) => {
      const isSecond = /page=2/.test(request.url ?? '')
      const size = isSecond && left-- > 0 ? 2 : 3
      pages({ values: rows(1, 2), size: 3 }, { values: rows(3), size })(request, response)
    }
  }

  test('is read once anew', async () => {
    const result = await read(shrinking(1))
    expect(result).toMatchObject({ state: 'complete', rows: rows(1, 2, 3) })
    expect(result.calls).toHaveLength(4)
  })

  test('and shrinks again is incomplete', async () => {
    const result = await read(shrinking(2))
    expect(result).toMatchObject({ state: 'incomplete', error: { code: 'list-changed', retryable: false } })
    expect(result.calls).toHaveLength(4)
  })
})

test('a page length that was refused is not asked for again at that endpoint', async () => {
  const refusing: Handler = (request, response) =>
    (/pagelen=100/.test(request.url ?? '') ? json(400, { error: { message: 'Invalid pagelen' } }) : pages())(
      request,
      response,
    )
  await using server = await startTestServer(refusing)
  await readListing(server.client, options)
  await readListing(server.client, options)
  await readListing(server.client, { ...options, endpoint: 'GET /2.0/others' })
  expect(server.calls.map((call) => /\d+$/.exec(call)?.[0])).toEqual(['100', '50', '50', '100', '50'])
})

describe('rows one by one', () => {
  const two = pages({ values: rows(1, 2), size: 3 }, { values: rows(3), size: 3 })

  test('come with the end of the list', async () => {
    await using server = await startTestServer(two)
    const reader = readRows(server.client, options)
    const read: number[] = []
    for await (const { id } of reader) {
      expect(reader.end).toBeNull()
      read.push(id)
      expect(server.calls).toHaveLength(id === 3 ? 2 : 1)
    }
    expect(read).toEqual([1, 2, 3])
    expect(reader.end).toEqual({ state: 'complete', read: 3, reported: 3, pages: 2 })
  })

  test('ask for no page more when the loop is left', async () => {
    await using server = await startTestServer(two)
    const reader = readRows(server.client, options)
    for await (const { id } of reader) if (id === 2) break
    for await (const { id } of reader) expect.unreachable(`row ${id} came after the loop was left`)
    expect(server.calls).toHaveLength(1)
    expect(reader.end).toBeNull()
  })

  test('end as incomplete when a page fails, after the rows before it', async () => {
    await using server = await startTestServer((request, response) =>
      (/page=2/.test(request.url ?? '') ? json(403, {}) : two)(request, response),
    )
    const reader = readRows(server.client, options)
    const read: number[] = []
    for await (const { id } of reader) read.push(id)
    expect(read).toEqual([1, 2])
    expect(reader.end).toMatchObject({ state: 'incomplete', error: { code: 'not-permitted' } })
  })

  test('end with the reason of an abort, also within a page', async () => {
    await using server = await startTestServer(two)
    const controller = new AbortController()
    const reader = readRows(server.client, { ...options, signal: controller.signal })
    const loop = async () => {
      for await (const _row of reader) controller.abort(new Error('stopping'))
    }
    await expect(loop()).rejects.toThrow('stopping')
    expect(server.calls).toHaveLength(1)
    expect(reader.end).toBeNull()
  })
})

test.each([
  [
    'the size that is told',
    { values: rows(7), size: 42, next: 'https://list.test/2' },
    { rows: rows(7), count: 42, isWhole: false },
  ],
  ['the rows of an only page', { values: rows(7) }, { rows: rows(7), count: 1, isWhole: true }],
  ['the size where a row is missing', { values: rows(7), size: 2 }, { rows: rows(7), count: 2, isWhole: false }],
  ['no row', { values: [] }, { rows: [], count: 0, isWhole: true }],
  [
    'nothing that tells',
    { values: rows(7), next: 'https://list.test/2' },
    { rows: rows(7), count: null, isWhole: false },
  ],
])('a list is counted in one short request by %s', async (_name, page, expected) => {
  await using server = await startTestServer(json(200, page))
  expect(await readFirstRows(server.client, options)).toEqual(expected)
  expect(server.calls).toEqual(['/2.0/rows?pagelen=20'])
})

describe('a listing is incomplete, with the reason,', () => {
  const secondPage = (handler: Handler): Handler => {
    const first = pages({ values: rows(1) }, { values: rows(2) })
    return (request, response) => (/page=2/.test(request.url ?? '') ? handler : first)(request, response)
  }

  test.each<[string, Handler, string]>([
    ['when a later page fails', secondPage(text(502, '<html>')), 'unavailable'],
    ['when a later page is not found', secondPage(json(404, {})), 'not-found'],
    ['when a later page is empty', secondPage(text(200, '')), 'empty-body'],
    ['when the next page is nowhere', pages({ values: rows(1), next: 'http://' }), 'unexpected-shape'],
    ['when the next page is nothing', pages({ values: rows(1), next: '' }), 'unexpected-shape'],
    ['when a later page has no values', secondPage(json(200, {})), 'unexpected-shape'],
    ['when a row has another shape', pages({ values: [{ id: 'x' }] }), 'unexpected-shape'],
    ['when fewer rows came than Bitbucket counts', pages({ values: rows(1, 2), size: 3 }), 'count-mismatch'],
    [
      'when a page points to another host',
      pages({ values: rows(1), next: 'https://elsewhere.test/2.0/rows?page=2' }),
      'foreign-host',
    ],
  ])('%s', async (_name, handler, code) => {
    expect(await read(handler)).toMatchObject({ state: 'incomplete', error: { code } })
  })

  test('when its pages go in a circle', async () => {
    const circle: Handler = (request, response) => {
      const next = `http://${request.headers.host}/2.0/rows?pagelen=100`
      json(200, { values: rows(1), next })(request, response)
    }
    const result = await read(circle)
    expect(result).toMatchObject({ state: 'incomplete', error: { code: 'looping-next' } })
    expect(result.calls).toHaveLength(2)
  })

  test('when ever new pages bring nothing new', async () => {
    const endless: Handler = (request, response) => {
      const url = new URL(request.url ?? '', `http://${request.headers.host}`)
      url.searchParams.set('page', String(Number(url.searchParams.get('page') ?? 1) + 1))
      json(200, { values: [], next: url.href })(request, response)
    }
    const result = await read(endless)
    expect(result).toMatchObject({ state: 'incomplete', error: { code: 'looping-next' } })
    expect(result.calls).toHaveLength(101)
  })
})

test('an abort is no end of a listing, but the caller’s own', async () => {
  const controller = new AbortController()
  await using server = await startTestServer(() => controller.abort(new Error('stopping')))
  const listing = readListing(server.client, { ...options, signal: controller.signal })
  await expect(listing).rejects.toThrow('stopping')
})
