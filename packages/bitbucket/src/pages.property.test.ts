import { UpstreamError } from '@clarity/shared/runtime/errors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { BitbucketClient } from './client.ts'
import { pageOf, readListing, readRows } from './pages.ts'

// What the head of pages.ts promises, clause by clause, against a list that changes between the reads of its pages.

const options = {
  endpoint: 'GET /2.0/rows',
  path: '/2.0/rows',
  pageSchema: pageOf(z.object({ id: z.string() })),
  key: (row: { id: string }) => row.id,
}
const pageLength = 3

/** A change of the list at a place in it, from 0 for its beginning to 1 for its end. */
interface Change {
  readonly type: 'insert' | 'remove'
  readonly place: number
}

/** What may be wrong with one page: it does not come, or not all of it, or it leads astray. */
type Fault = 'refusal' | 'shape' | 'circle' | 'elsewhere' | 'lost-row' | 'lost-rows' | 'lost-next'

interface Scenario {
  readonly rows: number
  /** Whether the pages tell how many rows there are. */
  readonly sized: boolean
  /** What happens to the list after each page read, in turn. */
  readonly changes?: readonly (readonly Change[])[]
  /** What is wrong with the page read so many reads after the first. */
  readonly fault?: { readonly type: Fault; readonly read: number }
}

interface Page {
  readonly values: readonly { id: unknown }[]
  readonly next?: string
  readonly size?: number
}

/** Offset pages of a list that changes, behind the client's own interface and without HTTP. */
class ListServer {
  readonly client: BitbucketClient
  readonly calls: string[] = []
  readonly #scenario: Scenario
  readonly #rows: string[]
  /** The list at each page read since the last time that its first page was. */
  #snapshots: string[][] = []
  readonly #ever = new Set<string>()
  #inserted = 0

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    this.#rows = Array.from({ length: scenario.rows }, (_, index) => `row ${index}`)
    this.client = {
      get: async (path, { schema }) => {
        const url = new URL(path, 'https://list.test')
        if (url.hostname !== 'list.test') throw refusal('foreign-host')
        const parsed = schema.safeParse(this.#answer(url))
        if (parsed.success) return parsed.data
        throw refusal('unexpected-shape')
      },
      grantedScopes: () => Promise.reject(new Error('not asked for')),
      withCredentials: () => this.client,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }

  /** The constant rows that a read lacks. */
  missingIn(read: readonly string[]): string[] {
    const [first = [], ...later] = this.#snapshots
    return first.filter((row) => later.every((snapshot) => snapshot.includes(row)) && !read.includes(row))
  }

  /** The rows of a read that were never in the list. */
  inventedIn(read: readonly string[]): string[] {
    return read.filter((row) => !this.#ever.has(row))
  }

  /** Whether the list was ever shorter at a page read than at the one before. */
  get shrank(): boolean {
    return this.#snapshots.some((snapshot, index) => snapshot.length < (this.#snapshots[index - 1]?.length ?? 0))
  }

  #answer(url: URL): Page {
    const { sized, changes, fault } = this.#scenario
    const number = Number(url.searchParams.get('page') ?? 1)
    if (number === 1) this.#snapshots = []
    this.#snapshots.push([...this.#rows])
    for (const row of this.#rows) this.#ever.add(row)
    const read = this.calls.push(url.href) - 1
    const start = (number - 1) * pageLength
    const values = this.#rows.slice(start, start + pageLength).map((id) => ({ id }))
    const hasNext = start + pageLength < this.#rows.length
    const size = this.#rows.length
    for (const change of changes?.[read] ?? []) this.#apply(change)
    url.searchParams.set('page', String(number + 1))
    const page: Page = { values, ...(hasNext && { next: url.href }), ...(sized && { size }) }
    return fault?.read === read ? this.#spoil(page, fault.type) : page
  }

  #apply({ type, place }: Change): void {
    const rows = this.#rows
    if (type === 'remove') rows.splice(Math.round(place * (rows.length - 1)), 1)
    else rows.splice(Math.round(place * rows.length), 0, `new ${this.#inserted++}`)
  }

  #spoil(page: Page, fault: Fault): Page {
    const { next, ...rest } = page
    if (fault === 'refusal') throw refusal('unavailable')
    if (fault === 'shape') return { ...page, values: [...page.values, { id: 7 }] }
    if (fault === 'circle') return { ...page, ...(this.calls[0] && { next: this.calls[0] }) }
    if (fault === 'elsewhere') return { ...page, next: 'https://elsewhere.test/2.0/rows?page=2' }
    if (fault === 'lost-row') return { ...page, values: page.values.slice(1) }
    if (fault === 'lost-rows') return { ...page, values: [] }
    return rest
  }
}

function refusal(code: string): UpstreamError {
  return new UpstreamError('contract', code, code, { remedy: 'none' })
}

/** Reads once, without starting anew when the list changed. */
async function readOnce(server: ListServer) {
  const reader = readRows(server.client, options)
  const rows: string[] = []
  for await (const row of reader) rows.push(row.id)
  if (reader.end === null) throw new Error('the loop is through')
  return { state: reader.end.state, rows, end: reader.end }
}

async function readWhole(server: ListServer) {
  const listing = await readListing(server.client, options)
  return { state: listing.state, rows: listing.state === 'complete' ? listing.rows.map(({ id }) => id) : [], listing }
}

const reads = [
  ['one read', readOnce],
  ['a listing', readWhole],
] as const

const place = fc.double({ min: 0, max: 1, noNaN: true })
const insertion: fc.Arbitrary<Change> = fc.record({ type: fc.constant('insert'), place })
const removal: fc.Arbitrary<Change> = fc.record({ type: fc.constant('remove'), place })
const rows = fc.nat({ max: 14 })
const gaps = (change: fc.Arbitrary<Change>) => fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 12 })
/** More is taken out than put in, in any order; or something is put in, or nothing happens. */
const unbalancedGap = fc.oneof(
  fc.array(insertion, { maxLength: 3 }),
  fc
    .array(insertion, { maxLength: 2 })
    .chain((put) =>
      fc
        .array(removal, { minLength: put.length + 1, maxLength: put.length + 3 })
        .chain((taken) => fc.shuffledSubarray([...put, ...taken], { minLength: put.length + taken.length })),
    ),
)
const faults = fc.record({
  type: fc.constantFrom<Fault>('refusal', 'shape', 'circle', 'elsewhere', 'lost-row', 'lost-rows', 'lost-next'),
  read: fc.nat({ max: 5 }),
})

/** Checks `check` against many scenarios, some of which have to be read to their end. */
async function forAll(
  scenarios: fc.Arbitrary<Scenario>,
  check: (server: ListServer, scenario: Scenario) => Promise<{ state: string }>,
) {
  let completed = 0
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    const { state } = await check(new ListServer(scenario), scenario)
    if (state === 'complete') completed += 1
  })
  await fc.assert(property, { numRuns: 300 })
  expect(completed).toBeGreaterThan(0)
}

test('a list that nobody touches is read whole, in as few requests as it has pages', async () => {
  await forAll(fc.record({ rows, sized: fc.boolean() }), async (server) => {
    const read = await readWhole(server)
    expect(read.state).toBe('complete')
    expect(server.missingIn(read.rows)).toEqual([])
    expect(server.calls).toHaveLength(Math.max(1, Math.ceil(read.rows.length / pageLength)))
    return read
  })
})

describe.each(reads)('%s', (_name, read) => {
  const any = fc.record({
    rows,
    sized: fc.boolean(),
    changes: gaps(fc.oneof(insertion, removal)),
    fault: faults,
  })

  test('has only rows that were there, and none twice, whatever happens (clause 1)', async () => {
    await forAll(any, async (server) => {
      const result = await read(server)
      expect(server.inventedIn(result.rows)).toEqual([])
      expect(new Set(result.rows).size).toBe(result.rows.length)
      return result
    })
  })

  test('is complete and has every constant row when rows are put in, where no size is told (clause 2)', async () => {
    const scenarios = fc.record({ rows, sized: fc.constant(false), changes: gaps(insertion) })
    await forAll(scenarios, async (server) => {
      const result = await read(server)
      expect(result.state).toBe('complete')
      expect(server.missingIn(result.rows)).toEqual([])
      return result
    })
  })

  test('is never complete without a constant row when rows are put in and a page is spoilt (clause 2)', async () => {
    const scenarios = fc.record({ rows, sized: fc.constant(true), changes: gaps(insertion), fault: faults })
    await forAll(scenarios, async (server) => {
      const result = await read(server)
      if (result.state === 'complete') expect(server.missingIn(result.rows)).toEqual([])
      return result
    })
  })

  test('is never complete without a constant row when rows are taken out (clause 3)', async () => {
    const scenarios = fc.record({ rows, sized: fc.constant(true), changes: gaps(removal) })
    await forAll(scenarios, async (server) => {
      const result = await read(server)
      if (result.state === 'complete') expect(server.missingIn(result.rows)).toEqual([])
      expect(result.state === 'complete' && server.shrank).toBe(false)
      return result
    })
  })

  test('nor when some are put in as well, but fewer (clause 3)', async () => {
    const changes = fc.array(unbalancedGap, { maxLength: 12 })
    await forAll(fc.record({ rows, sized: fc.constant(true), changes }), async (server) => {
      const result = await read(server)
      if (result.state === 'complete') expect(server.missingIn(result.rows)).toEqual([])
      return result
    })
  })

  test('is never complete after a page that is refused, of another shape or elsewhere, sized or not', async () => {
    const type = fc.constantFrom<Fault>('refusal', 'shape', 'elsewhere')
    const fault = fc.record({ type, read: fc.nat({ max: 5 }) })
    await forAll(fc.record({ rows, sized: fc.boolean(), fault }), async (server, scenario) => {
      const result = await read(server)
      const wasMet = server.calls.length > (scenario.fault?.read ?? 0)
      expect(result.state).toBe(wasMet ? 'incomplete' : 'complete')
      return result
    })
  })
})

describe('one read cannot know of a row that slipped by (clause 4)', () => {
  const first: Change = { type: 'remove', place: 0 }
  const last: Change = { type: 'insert', place: 1 }

  test.each([
    ['as many rows are put in as taken out', { rows: 6, sized: true, changes: [[first, last]] }],
    ['no size is told', { rows: 6, sized: false, changes: [[first]] }],
  ])('when %s; a second, quiet one does not agree, and has it', async (_name, scenario) => {
    const server = new ListServer(scenario)
    const one = await readWhole(server)
    expect(one.state).toBe('complete')
    expect(server.missingIn(one.rows)).toEqual(['row 3'])
    const two = await readWhole(server)
    expect(two.rows.toSorted()).not.toEqual(one.rows.toSorted())
    expect(two.rows).toContain('row 3')
    const three = await readWhole(server)
    expect(three.rows).toEqual(two.rows)
  })

  test('but a removal alone is noticed where the size is told, and the listing is read anew', async () => {
    const server = new ListServer({ rows: 6, sized: true, changes: [[first]] })
    const read = await readWhole(server)
    expect(read.rows).toEqual(['row 1', 'row 2', 'row 3', 'row 4', 'row 5'])
    expect(server.calls).toHaveLength(4)
  })
})
