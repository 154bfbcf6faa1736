import { expect, test } from 'vitest'
import { access, ways } from './path-fixture.ts'
import { heldSince, ifRemovedSentences, pathInShort, pathSentence, pathsInShort, waysInWords } from './path-words.ts'

test('each way is said in a few words, and as a sentence of its steps', () => {
  expect(ways.map(pathInShort)).toEqual([
    'directly',
    'by the project Payments',
    'by the group Developers',
    'by the group Platform on the project Payments',
    'as an owner of the workspace',
  ])
  expect(ways.map(pathSentence)).toEqual([
    'Alma Block directly holds read on payments-api.',
    'Alma Block holds create-repo on the project Payments, which payments-api is in. On a repository that counts as write.',
    'Alma Block is in the group Developers, which holds write on payments-api.',
    'Alma Block is in the group Platform, which holds admin on the project Payments, which payments-api is in.',
    'Alma Block owns the workspace, and so administers everything in it.',
  ])
})

test('of several ways that which decides is named', () => {
  const [direct, project] = ways
  if (direct === undefined || project === undefined) return expect.unreachable()
  expect(pathsInShort(access)).toBe('by the group Platform on the project Payments, and 4 other ways')
  expect(pathsInShort({ paths: [direct, project], decidedBy: [1] })).toBe('by the project Payments, and another way')
  expect(pathsInShort({ paths: [direct], decidedBy: [0] })).toBe('directly')
  expect(pathsInShort({ paths: [], decidedBy: [] })).toBe('by no way')
})

test('how many ways there are is said with how many of them decide', () => {
  expect(waysInWords(access)).toBe('5, of which 2 give admin')
  expect(waysInWords({ ...access, decidedBy: [4] })).toBe('5, of which one gives admin')
  expect(waysInWords({ ...access, paths: ways.slice(3), decidedBy: [0, 1] })).toBe('2, all of which give admin')
  expect(waysInWords({ ...access, paths: ways.slice(4), decidedBy: [0] })).toBe('one, which gives admin')
})

test('what would be left without an assignment is said, what would change something first', () => {
  const ifRemoved = [
    { edge: 'user:a|repository:r#read', levelAfter: 'admin' },
    { edge: 'user:a|group:platform#member', levelAfter: 'write' },
    { edge: 'group:platform#member|project:p#admin', levelAfter: 'write' },
    { edge: 'user:a|workspace#owner', levelAfter: null },
  ]
  expect(ifRemovedSentences({ ...access, ifRemoved })).toEqual([
    'If the membership in Platform went, write would be left.',
    'If what Platform holds on Payments (admin) went, write would be left.',
    'If the ownership of the workspace went, nothing would be left.',
    'If the direct read on payments-api went, nothing would change: another way gives admin as well.',
  ])
  const [, , , last] = ifRemoved.map((one) => ifRemovedSentences({ ...access, ifRemoved: [one], anyoneMayRead: true }))
  expect(last).toEqual(['If the ownership of the workspace went, nothing would be left but what anyone may read.'])
})

test('what has lost its name is known by its id', () => {
  const steps = [
    { node: 'user:0a1b2c3d-0000', name: null },
    { edge: 'member of', node: 'group:night-shift#member', name: null },
    { edge: 'holds', node: 'repository:r#write', name: 'r' },
  ]
  expect(pathSentence({ via: 'group', level: 'write', since: null, steps })).toBe(
    'person 0a1b2c3d is in the group night-shift, which holds write on r.',
  )
})

test('a level is held since the oldest way that gives it, or since before anything that is known', () => {
  expect(heldSince(access)).toBe('2026-05-05T08:00:00.000Z')
  const unknown = ways.map((path, index) => (index === 4 ? { ...path, since: null } : path))
  expect(heldSince({ ...access, paths: unknown })).toBeNull()
})
