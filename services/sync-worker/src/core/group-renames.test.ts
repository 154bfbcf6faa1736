import { expect, test } from 'vitest'
import { ReadingBuilder } from '../scopes/reading.ts'
import type { Reading } from './facts.ts'
import { possibleRenames } from './group-renames.ts'

const people = Object.fromEntries(['a', 'b', 'c'].map((id) => [id, { uuid: `{${id}}`, display_name: id }]))

function groups(members: Readonly<Record<string, string>>): Reading {
  const builder = new ReadingBuilder()
  for (const [slug, ids] of Object.entries(members)) {
    builder.addExistingGroup({ slug, name: slug, defaultPermission: null })
    for (const id of ids) builder.addUser(people[id] ?? { uuid: '{?}' }, `group:${slug}`, 'member')
  }
  return builder.build(null)
}

const renames = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
  Object.fromEntries(possibleRenames({ before: groups(before).facts, after: groups(after) }).from)

test('a group that comes while one with the same members goes may be that one', () => {
  const { from, to } = possibleRenames({ before: groups({ devs: 'ab' }).facts, after: groups({ engineers: 'ba' }) })
  expect([...from]).toEqual([['group:engineers#member', 'group:devs#member']])
  expect([...to]).toEqual([['group:devs#member', 'group:engineers#member']])
})

test.each([
  ['has other members', { devs: 'ab' }, { engineers: 'ac' }],
  ['came while none went', { devs: 'ab' }, { devs: 'ab', engineers: 'ab' }],
  ['has no members, and nobody can tell', { devs: '' }, { engineers: '' }],
  ['could be one of two', { devs: 'ab', ops: 'ab' }, { engineers: 'ab' }],
  ['is one of two that it could be', { devs: 'ab' }, { engineers: 'ab', ops: 'ab' }],
])('no rename is said of a group that %s', (_name, before, after) => {
  expect(renames(before, after)).toEqual({})
})
