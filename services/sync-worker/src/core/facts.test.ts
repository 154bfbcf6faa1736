import { holdingField } from '@clarity/shared/store/fact-fields'
import { expect, test } from 'vitest'
import { ReadingBuilder } from '../scopes/reading.ts'
import { lacks } from './confirm.ts'
import { decodeFacts, digestOf, noFacts, type Reading } from './facts.ts'

const ann = { uuid: '{a}', display_name: 'Ann' }
const bob = { uuid: '{b}', display_name: 'Bob' }
const repository = { kind: 'repository', uuid: '{r}', slug: 'api', name: 'Api' } as const

function permissions(...holders: [typeof ann, string][]): Reading {
  const builder = new ReadingBuilder()
  for (const [account, level] of holders) builder.addUser(account, 'repository:r', level)
  return builder.build(repository)
}

test('stored fields of a repository read back as its facts', () => {
  const fields = new Map([
    ['#admin', ''],
    ['user:a', 'admin'],
    ['group:devs', 'admin'],
  ])
  const facts = decodeFacts('repository/r', fields)
  expect([...facts.levels]).toEqual(['admin'])
  expect([...facts.holdings.values()]).toEqual([
    { holder: 'user:a', resource: 'repository:r', level: 'admin' },
    { holder: 'group:devs#member', resource: 'repository:r', level: 'admin' },
  ])
  for (const [field, { holder, resource }] of facts.holdings) expect(holdingField(holder, resource)).toBe(field)
})

test('stored fields of the groups read back as groups and memberships', () => {
  const facts = decodeFacts(
    'workspace/groups',
    new Map([
      ['group:devs', ''],
      ['user:a@devs', 'member'],
    ]),
  )
  expect([...facts.groups]).toEqual(['devs'])
  expect([...facts.holdings]).toEqual([['user:a@devs', { holder: 'user:a', resource: 'group:devs', level: 'member' }]])
})

test.each([
  ['repository/r', 'nobody'],
  ['workspace/groups', 'nobody@devs'],
] as const)('a stored field of %s that names nobody is refused with its scope', (scopeId, field) => {
  expect(() => decodeFacts(scopeId, new Map([[field, 'read']]))).toThrow(
    expect.objectContaining({ context: { scopeId } }),
  )
})

test('the digest does not depend on the order of rows, but on everything that they say', () => {
  const reading = permissions([ann, 'admin'], [bob, 'read'])
  expect(digestOf(permissions([bob, 'read'], [ann, 'admin']))).toBe(digestOf(reading))
  const others = [
    permissions([ann, 'admin']),
    permissions([ann, 'admin'], [bob, 'write']),
    permissions([ann, 'admin'], [{ ...bob, display_name: 'Robert' }, 'read']),
  ]
  for (const other of others) expect(digestOf(other)).not.toBe(digestOf(reading))
})

test('the digest of a large reading depends on everything that it says as well', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ uuid: `{${index}}`, display_name: `Person ${index}` }))
  const reading = (accounts: typeof many) => permissions(...accounts.map((one): [typeof one, string] => [one, 'read']))
  expect(digestOf(reading(many.toReversed()))).toBe(digestOf(reading(many)))
  for (const index of [0, 99, 100, 499]) {
    const renamed = many.with(index, { uuid: `{${index}}`, display_name: 'Another' })
    expect(digestOf(reading(renamed))).not.toBe(digestOf(reading(many)))
  }
})

test('a reading that lacks something is noticed, one with more is not', () => {
  const [less, more] = [permissions([ann, 'read']), permissions([ann, 'admin'], [bob, 'read'])]
  expect(lacks(more.facts, less.facts)).toBe(true)
  expect(lacks(less.facts, more.facts)).toBe(false)
  expect(lacks(noFacts, noFacts)).toBe(false)
})
