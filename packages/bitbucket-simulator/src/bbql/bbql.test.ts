import { describe, expect, test } from 'vitest'
import { ApiError } from '../http/errors.ts'
import { compileQuery, compileSort, listedValues, type QueryFields } from './bbql.ts'

interface Thing {
  readonly name: string | null
  readonly size: number
  readonly open: boolean
  readonly at: string
  readonly level: string
}

const fields: QueryFields<Thing> = {
  name: { type: 'text', read: ({ name }) => name },
  size: { type: 'number', read: ({ size }) => size },
  is_open: { type: 'boolean', read: ({ open }) => open },
  'project.created_on': { type: 'instant', read: ({ at }) => at },
  permission: { type: 'ordered', order: ['read', 'write', 'admin'], read: ({ level }) => level },
}
const things: readonly Thing[] = [
  { name: 'alpha', size: 1, open: true, at: '2026-01-01T00:00:00.000000+00:00', level: 'read' },
  { name: 'Beta', size: 2, open: false, at: '2026-02-01T00:00:00.000000+00:00', level: 'write' },
  { name: 'a "quoted" \\ one', size: 3, open: true, at: '2026-03-01T00:00:00.000000+00:00', level: 'admin' },
  { name: null, size: 4, open: false, at: '2026-04-01T00:00:00.000000+00:00', level: 'read' },
]
const sizesOf = (query: string) => things.filter(compileQuery(query, fields)).map(({ size }) => size)

test.each([
  ['name = "alpha"', [1]],
  ['name="alpha"', [1]],
  ['name != "alpha"', [2, 3, 4]],
  ['name ~ "ET"', [2]],
  ['name !~ "a"', [4]],
  ['name = null', [4]],
  ['name != null', [1, 2, 3]],
  ['name = "a \\"quoted\\" \\\\ one"', [3]],
  ['name = "null"', []],
  ['size > 2', [3, 4]],
  ['size >= 2', [2, 3, 4]],
  ['size < 2', [1]],
  ['size <= 2', [1, 2]],
  ['size IN (1, 3)', [1, 3]],
  ['size not in (1, 3)', [2, 4]],
  ['is_open = true', [1, 3]],
  ['is_open = FALSE', [2, 4]],
  ['permission > "read"', [2, 3]],
  ['permission = "read"', [1, 4]],
  ['project.created_on >= 2026-03-01', [3, 4]],
  ['project.created_on < "2026-02-01T01:00:00+02:00"', [1]],
  ['size = 1 OR size = 2 AND is_open = true', [1]],
  ['(size = 1 OR size = 2) AND is_open = false', [2]],
  ['size = 1 or (size = 4 and (name = null))', [1, 4]],
])('%s', (query, sizes) => {
  expect(sizesOf(query)).toEqual(sizes)
})

test.each([
  ['', 'expected word at 1, found its end'],
  ['nme = "x"', 'no field nme at 1'],
  ['constructor = "x"', 'no field constructor'],
  ['name', 'expected an operator at 5'],
  ['name =', 'expected a value at 7'],
  ['name = alpha', '"alpha" at 8 is no value of name'],
  ['size = "1"', 'no value of size'],
  ['size ~ 1', 'size is no text'],
  ['permission > "owner"', 'no value of permission'],
  ['name = "alpha" AND', 'expected word at 19'],
  ['name = "alpha" name', 'expected its end at 16'],
  ['(name = "alpha"', 'expected )'],
  ['name IN "alpha"', 'expected ('],
  ['name IN ()', 'expected a value'],
  ['name NOT = "x"', 'expected an operator'],
  ['name = "open', 'unexpected "\\"" at 8'],
  ['name & 1', 'unexpected "&" at 6'],
  [`${'('.repeat(200)}size = 1${')'.repeat(200)}`, 'too deeply'],
])('%j is a 400 that says where', (query, message) => {
  expect(() => compileQuery(query, fields)).toThrow(expect.objectContaining({ status: 400 }))
  expect(() => compileQuery(query, fields)).toThrow(message)
  expect(() => compileQuery(query, fields)).toThrow(ApiError)
})

describe('an order', () => {
  const order = (sort: string) => [...things].sort(compileSort(sort, fields)).map(({ size }) => size)

  test.each([
    ['name', [2, 3, 1, 4]],
    ['-name', [1, 3, 2, 4]],
    ['-size', [4, 3, 2, 1]],
    ['permission', [1, 4, 2, 3]],
    ['-project.created_on', [4, 3, 2, 1]],
  ])('%s, what is null last', (sort, sizes) => {
    expect(order(sort)).toEqual(sizes)
  })

  test('by a field that is none is a 400', () => {
    expect(() => order('colour')).toThrow('Invalid field for sort: colour')
    expect(() => order('name,size')).toThrow(ApiError)
  })
})

test('the values that a query of one form lists', () => {
  expect(listedValues('user.email IN ("a@example.com","b@example.com")', 'user.email')).toEqual([
    'a@example.com',
    'b@example.com',
  ])
  expect(listedValues('user.email = "a@example.com"', 'user.email')).toEqual(['a@example.com'])
  expect(listedValues('user.email != "a@example.com"', 'user.email')).toBeNull()
  expect(listedValues('name = "x"', 'user.email')).toBeNull()
  expect(listedValues('user.email = "a" OR user.email = "b"', 'user.email')).toBeNull()
})
