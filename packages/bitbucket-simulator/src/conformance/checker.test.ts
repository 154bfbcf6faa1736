import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConformanceChecker, createConformanceChecker } from './checker.ts'
import type { Answer } from './deviation.ts'
import type { KnownDeviation } from './known.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const json = (name: string) => ({ description: '', content: { 'application/json': { schema: ref(name) } } })
const text = { type: 'string' }

/** A library: readers are persons or machines, and books name each other. */
const description = {
  openapi: '3.0.0',
  servers: [{ url: 'https://api.example.com/2.0' }],
  paths: {
    '/libraries/{library}': {
      get: { responses: { 200: json('library'), 404: json('problem') } },
      delete: { responses: { 204: { description: 'gone' } } },
      parameters: [{ name: 'library', in: 'path' }],
    },
    '/libraries/{library}/books': { get: { responses: { 200: json('books'), '4XX': json('problem') } } },
    '/events/{kind}': { get: { responses: { 200: json('anything'), default: json('problem') } } },
    '/readers/{reader}': { get: { responses: { 200: json('reader') } } },
  },
  components: {
    schemas: {
      thing: {
        type: 'object',
        properties: { type: text },
        required: ['type'],
        discriminator: { propertyName: 'type' },
        additionalProperties: true,
      },
      link: { type: 'object', properties: { href: { type: 'string', format: 'uri' } }, additionalProperties: false },
      library: {
        allOf: [
          ref('thing'),
          {
            type: 'object',
            properties: {
              name: { ...text, nullable: true, example: 'Alexandria' },
              opened_on: { type: 'string', format: 'date-time', 'x-shown': true },
              size: { type: 'integer', minimum: 0 },
              access: { type: 'string', enum: ['open', 'closed'] },
              owner: ref('reader'),
              links: { type: 'object', properties: { self: ref('link') }, additionalProperties: false },
              settings: { type: 'object', additionalProperties: true },
              friends: { type: 'object', properties: { best: text }, additionalProperties: ref('reader') },
            },
            additionalProperties: true,
          },
        ],
      },
      reader: {
        allOf: [
          ref('thing'),
          { type: 'object', properties: { name: text, links: { type: 'object', properties: { self: ref('link') } } } },
        ],
      },
      person: {
        allOf: [
          ref('reader'),
          { type: 'object', properties: { age: { type: 'integer' }, links: { properties: { home: ref('link') } } } },
        ],
      },
      machine: { allOf: [ref('reader'), { type: 'object', properties: { model: text } }] },
      book: {
        type: 'object',
        properties: { title: text, sequel: ref('book'), cites: { type: 'array', items: ref('book') } },
        required: ['title'],
      },
      books: {
        type: 'object',
        properties: { values: { type: 'array', items: ref('book'), uniqueItems: true }, next: text },
        additionalProperties: false,
      },
      problem: { type: 'object', properties: { message: text }, required: ['message'], additionalProperties: true },
      anything: { type: 'object' },
    },
  },
}

let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  path = join(folder, 'description.json')
  await writeFile(path, JSON.stringify(description))
})

afterAll(() => rm(folder, { recursive: true }))

const library = '/2.0/libraries/{library}'
const create = (known: readonly KnownDeviation[] = []) => createConformanceChecker(path, known)

function answer(body: unknown, rest: Partial<Answer> = {}): Answer {
  return {
    method: 'GET',
    route: library,
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(body),
    ...rest,
  }
}

/** The deviations as `keyword place`. */
function find(checker: ConformanceChecker, given: Answer): string[] {
  return checker.check(given).map(({ keyword, pointer }) => `${keyword} ${pointer}`)
}

test.each([
  ['everything described', { type: 'library', name: 'A', opened_on: '2026-01-02T03:04:05.000001+00:00', size: 1 }],
  ['null where it is nullable', { type: 'library', name: null }],
  ['a link that is a URI', { type: 'library', links: { self: { href: 'https://example.com/%7B1%7D' } } }],
  ['an object of which nothing is described', { type: 'library', settings: { any: { thing: 1 } } }],
  ['names that are free', { type: 'library', friends: { best: 'ann', ann: { type: 'person', age: 7 } } }],
  ['a member of the family that the schema names', { type: 'library', owner: { type: 'person', name: 'A', age: 7 } }],
  ['what both a schema and its base say of one property', personWithLinks('home', 'self')],
])('accepts %s', async (_, body) => {
  expect(find(await create(), answer(body))).toEqual([])
})

test.each([
  ['a wrong type', { type: 'library', size: 'large' }, ['type /size']],
  ['null where it is not nullable', { type: 'library', size: null }, ['type /size']],
  ['a number out of its range', { type: 'library', size: -1 }, ['minimum /size']],
  ['a value that is not listed', { type: 'library', access: 'ajar' }, ['enum /access']],
  ['a missing required property', { name: 'A' }, ['required /type']],
  ['a bad date-time', { type: 'library', opened_on: '2026-01-02' }, ['format /opened_on']],
  ['a bad URI', { type: 'library', links: { self: { href: 'no uri' } } }, ['format /links/self/href']],
  ['an undescribed property', { type: 'library', shelves: 3 }, ['undescribed /shelves']],
  ['one deep inside', { type: 'library', owner: { type: 'person', iq: 1 } }, ['undescribed /owner/iq']],
  [
    'one that only another of the family has',
    { type: 'library', owner: { type: 'machine', age: 7 } },
    ['undescribed /owner/age'],
  ],
  [
    'a wrong type in a member of the family',
    { type: 'library', owner: { type: 'person', age: '7' } },
    ['type /owner/age'],
  ],
  ['a type that is none of the family', { type: 'library', owner: { type: 'book' } }, ['discriminator /owner/type']],
  [
    'one below a name that is free',
    { type: 'library', friends: { ann: { type: 'person', iq: 1 } } },
    ['undescribed /friends/ann/iq'],
  ],
  ['a name that is one of JavaScript', { type: 'library', constructor: 1 }, ['undescribed /constructor']],
  ['a link that neither schema has', personWithLinks('work'), ['undescribed /owner/links/work']],
  ['what a closed object refuses, once', { type: 'library', links: { up: {} } }, ['additionalProperties /links/up']],
  ['a name that a pointer escapes', { type: 'library', 'a/b~c': 1 }, ['undescribed /a~1b~0c']],
])('finds %s', async (_, body, expected) => {
  expect(find(await create(), answer(body))).toEqual(expected)
})

function personWithLinks(...names: string[]) {
  const links = Object.fromEntries(names.map((name) => [name, { href: 'https://example.com' }]))
  return { type: 'library', owner: { type: 'person', links } }
}

test('follows schemas that refer to themselves as deep as the body goes', async () => {
  const checker = await create()
  const books = { route: '/2.0/libraries/{library}/books' }
  const sequel = { title: 'B', sequel: { title: 'C', cites: [{ title: 'D' }] } }
  expect(find(checker, answer({ values: [{ title: 'A', sequel }] }, books))).toEqual([])
  const broken = { title: 'B', sequel: { title: 'C', cites: [{ title: 'D' }, { pages: 1 }] } }
  expect(find(checker, answer({ values: [{ title: 'A', sequel: broken }] }, books))).toEqual([
    'required /values/0/sequel/sequel/cites/1/title',
    'undescribed /values/0/sequel/sequel/cites/1/pages',
  ])
})

test('finds a row that comes twice', async () => {
  const body = { values: [{ title: 'A' }, { title: 'B' }, { title: 'A' }] }
  expect(find(await create(), answer(body, { route: '/2.0/libraries/{x}/books' }))).toEqual(['uniqueItems /values'])
})

test('a partial body owes nothing, and everything in it must still be right', async () => {
  const checker = await create()
  const partial = { route: '/2.0/libraries/{library}/books', partial: true }
  expect(find(checker, answer({ values: [{ cites: [] }] }, partial))).toEqual([])
  expect(find(checker, answer({ values: [{ cites: 1, pages: 2 }] }, partial))).toEqual([
    'type /values/0/cites',
    'undescribed /values/0/pages',
  ])
  expect(find(checker, answer({ values: [{ cites: [] }] }, { ...partial, partial: false }))).toEqual([
    'required /values/0/title',
  ])
})

test('a partial object that hides its type may be any of its family', async () => {
  const checker = await create()
  expect(find(checker, answer({ owner: { age: 7, model: 'M' } }, { partial: true }))).toEqual([])
  expect(find(checker, answer({ owner: { iq: 7 } }, { partial: true }))).toEqual(['undescribed /owner/iq'])
})

test.each([
  ['a status that the route does not list', answer({ message: '' }, { status: 403 }), ['status ']],
  ['an unlisted status, and an error unlike the others', answer({}, { status: 403 }), ['status ', 'required /message']],
  ['another media type', answer({}, { contentType: 'text/html' }), ['content-type ']],
  ['no media type', answer({}, { contentType: null }), ['content-type ']],
  ['a body that is no JSON', answer({}, { body: '{"type":' }), ['json ']],
  ['a body where there is none', answer({}, { method: 'DELETE', status: 204 }), ['body ']],
])('finds %s', async (_, given, expected) => {
  expect(find(await create(), given)).toEqual(expected)
})

test('takes the answers for a range of statuses, for all others, and without a body', async () => {
  const checker = await create()
  const books = '/2.0/libraries/{library}/books'
  expect(find(checker, answer({ message: 'no' }, { route: books, status: 418 }))).toEqual([])
  expect(find(checker, answer({}, { route: books, status: 418 }))).toEqual(['required /message'])
  expect(find(checker, answer({}, { route: '/2.0/events/{kind}', status: 500 }))).toEqual(['required /message'])
  const deleted = answer('', { method: 'DELETE', status: 204, contentType: null, body: '' })
  expect(find(checker, deleted)).toEqual([])
})

test('matches routes by the place of their parameters, and a fixed segment with a parameter', async () => {
  const checker = await create()
  expect(find(checker, answer({ x: 1, type: 'library' }, { route: '/2.0/libraries/{id}' }))).toEqual(['undescribed /x'])
  expect(find(checker, answer([], { route: '/2.0/events/opened' }))).toEqual(['type '])
  checker.check(answer({}, { route: '/2.0/{libraries}/{id}' }))
  checker.check(answer({}, { route: '/libraries/{id}' }))
  checker.check(answer({}, { method: 'PUT' }))
  expect(checker.report().notDescribed).toEqual([
    { method: 'GET', route: '/2.0/{libraries}/{id}', status: 200, what: 'route', answers: 1 },
    { method: 'GET', route: '/libraries/{id}', status: 200, what: 'route', answers: 1 },
    { method: 'PUT', route: library, status: 200, what: 'method', answers: 1 },
  ])
})

const known = [
  {
    id: 'shelves',
    match: { keyword: 'undescribed', routes: ['/2.0/libraries/{any}'], pointers: ['/shelves'], status: 200 },
    reason: 'Libraries say how many shelves they have.',
    source: 'a recording',
  },
  {
    id: 'ages',
    match: { keyword: 'type', pointers: ['/size', '/**/age'], found: 'string' },
    reason: 'Ages are text.',
    source: 'a recording',
  },
  {
    id: 'never',
    match: { keyword: 'undescribed', pointers: ['/links/*/never'] },
    reason: 'Nobody sees this.',
    source: 'hearsay',
  },
] satisfies KnownDeviation[]

test('a known deviation is counted, and is not unknown', async () => {
  const checker = await create(known)
  const body = { type: 'library', shelves: 3, owner: { type: 'person', age: '7' } }
  expect(checker.check(answer(body)).map(({ knownAs }) => knownAs)).toEqual(['ages', 'shelves'])
  checker.check(answer(body))
  const { known: counted, unknown, unused } = checker.report()
  expect(counted).toEqual([
    { id: 'shelves', reason: 'Libraries say how many shelves they have.', source: 'a recording', count: 2 },
    { id: 'ages', reason: 'Ages are text.', source: 'a recording', count: 2 },
  ])
  expect(unknown).toEqual([])
  expect(unused).toEqual(['never'])
})

test.each([
  ['route', { type: 'reader', shelves: 1 }, { route: '/2.0/readers/{reader}' }],
  ['status', { message: '', shelves: 1 }, { status: 404 }],
  ['place', { type: 'library', owner: { type: 'reader', shelves: 1 } }, {}],
  ['keyword', { type: 'library', size: -1 }, {}],
  ['type', { type: 'library', size: null }, {}],
])('a known deviation explains nothing of another %s', async (_, body, rest) => {
  const deviations = (await create(known)).check(answer(body, rest))
  expect(deviations).toHaveLength(1)
  expect(deviations[0]?.knownAs).toBeNull()
})

test('reports what was seen, and unknown deviations by kind with a few examples', async () => {
  const checker = await create()
  const route = '/2.0/libraries/{library}/books'
  const values = Array.from({ length: 5 }, (_, at) => ({ title: 'A', pages: at }))
  checker.check(answer({ values }, { route }))
  checker.check(answer({ type: 'library' }))
  checker.check(answer({ message: '' }, { status: 404 }))
  checker.check(answer({ message: '' }, { status: 403 }))
  const report = checker.report()
  expect(report).toMatchObject({
    checked: 4,
    endpoints: [
      { method: 'GET', route, answers: 1, byStatus: { 200: 1 } },
      { method: 'GET', route: library, answers: 3, byStatus: { 200: 1, 403: 1, 404: 1 } },
    ],
    notDescribed: [{ method: 'GET', route: library, status: 403, what: 'status', answers: 1 }],
    known: [],
    unused: [],
  })
  const message = 'the description has no such property here'
  expect(report.unknown[0]).toEqual({
    method: 'GET',
    route,
    status: 200,
    keyword: 'undescribed',
    place: '/values/*/pages',
    count: 5,
    examples: [0, 1, 2].map((at) => ({ pointer: `/values/${at}/pages`, message })),
  })
})

test('refuses a file that is no description', async () => {
  const other = join(folder, 'other.json')
  await writeFile(other, '{"openapi":"3.0.0"}')
  await expect(createConformanceChecker(other)).rejects.toThrow('is no OpenAPI 3.0 description')
  await expect(createConformanceChecker(join(folder, 'none.json'))).rejects.toThrow('ENOENT')
})
