import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GrantId, NestingId, ScopeId } from '../contract/ids.ts'
import { digestOfFacts, digestOfScope } from './facts-digest.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('is what docs/evidence.md says it is', async () => {
  const payments = sha256('group:devs#member|repository:0d3f#write\nuser:3f0c|repository:0d3f#admin\n')
  const members = sha256('user:3f0c|workspace#member\n')
  const digest = await digestOfFacts([
    ['workspace/members', digestOfScope(['user:3f0c|workspace#member'])],
    ['repository/0d3f', digestOfScope(['user:3f0c|repository:0d3f#admin', 'group:devs#member|repository:0d3f#write'])],
  ])
  expect(digest).toBe(sha256(`repository/0d3f ${payments}\nworkspace/members ${members}\n`))
})

test('of a connection without facts is that of nothing; a scope without facts leaves no trace', async () => {
  expect(digestOfScope([])).toBeNull()
  expect(await digestOfFacts([])).toBe(sha256(''))
  expect(await digestOfFacts([['workspace/projects', null]])).toBe(sha256(''))
})

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('a', 'b', '\n', '\\', '\\n', 'user:a|'),
)
const id = fc.oneof(
  fc.tuple(name, name).map(([user, level]): GrantId => `user:${user}|repository:0d3f#${level}`),
  fc.tuple(name, name).map(([slug, level]): NestingId => `group:${slug}#member|repository:0d3f#${level}`),
)
const scope = name.map((uuid): ScopeId => `repository/${uuid}`)
const facts = fc.uniqueArray(fc.tuple(scope, fc.uniqueArray(id, { minLength: 1, maxLength: 5 })), {
  selector: ([each]) => each,
  maxLength: 5,
})

type Facts = readonly (readonly [ScopeId, readonly (GrantId | NestingId)[]])[]

function digestOf(all: Facts): Promise<string> {
  return digestOfFacts(all.map(([each, ids]) => [each, digestOfScope(ids)] as const))
}

test('does not depend on the order in which facts and scopes come, nor on what comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(facts, async (all) => {
      const reversed = all.map(([each, ids]) => [each, [...ids, ...ids].reverse()] as const).reverse()
      expect(await digestOf([...reversed, ...all])).toBe(await digestOf(all))
    }),
  )
})

test('is another one as soon as one fact is another, more or less', async () => {
  const sorted = (all: Facts) => JSON.stringify(all.map(([each, ids]) => [each, [...ids].sort()]).sort())
  await fc.assert(
    fc.asyncProperty(facts, facts, scope, id, async (all, others, otherScope, otherId) => {
      const without = all.slice(1)
      const other: Facts = [...all.filter(([each]) => each !== otherScope), [otherScope, [otherId]]]
      for (const changed of [others, without, other]) {
        expect((await digestOf(changed)) === (await digestOf(all))).toBe(sorted(changed) === sorted(all))
      }
    }),
  )
})

test('a scope that is told again counts as it was told last, also from a stream', async () => {
  async function* stream(): AsyncGenerator<readonly [ScopeId, string | null]> {
    yield ['repository/a', digestOfScope(['user:1|repository:a#read'])]
    yield ['repository/b', digestOfScope(['user:1|repository:b#read'])]
    yield ['repository/b', null]
    yield ['repository/a', digestOfScope(['user:1|repository:a#admin'])]
  }
  expect(await digestOfFacts(stream())).toBe(await digestOf([['repository/a', ['user:1|repository:a#admin']]]))
})

test('sorts by bytes in UTF-8, as other programs do, not by UTF-16', () => {
  const ids: GrantId[] = ['user:\u{1f600}|workspace#member', 'user:\ufb33|workspace#member']
  expect(digestOfScope(ids)).toBe(sha256(`${ids[1]}\n${ids[0]}\n`))
})

test('two facts cannot be taken for one with a line break in it', () => {
  const inOne: GrantId = 'user:1|workspace#a\nuser:2|workspace#b'
  const written: GrantId = 'user:1|workspace#a\\nuser:2|workspace#b'
  const digests = [[inOne], [written], ['user:1|workspace#a', 'user:2|workspace#b'] as const].map(digestOfScope)
  expect(new Set(digests).size).toBe(3)
})
