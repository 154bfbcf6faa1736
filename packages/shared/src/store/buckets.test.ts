import { expect, test } from 'vitest'
import { Buckets, bucketNames, inOrderOfBuckets } from './buckets.ts'
import { unpackFields } from './pack.ts'

const fields = new Map(Array.from({ length: 2_000 }, (_, index) => [`user:${index}@a`, 'member'] as const))

/** The facts that are stored once all that was taken is written. */
function write(stored: Map<string, string>, changed: readonly (readonly [string, string])[]) {
  for (const [name, packed] of changed) packed === '' ? stored.delete(name) : stored.set(name, packed)
  return new Map([...stored.values()].flatMap(unpackFields))
}

test.each(['workspace/groups', 'repository/r'] as const)('the facts of %s are the changes made to them', (scopeId) => {
  const stored = new Map<string, string>()
  const buckets = new Buckets(scopeId, new Map())
  buckets.change({ set: [...fields] })
  expect(write(stored, buckets.takeChanged())).toEqual(fields)
  expect(buckets.takeChanged()).toEqual([])
  expect(bucketNames(scopeId)).toEqual(expect.arrayContaining([...stored.keys()]))

  const again = new Buckets(scopeId, new Map(stored))
  again.change({ set: [['user:new@a', 'member']], del: ['user:7@a'] })
  const changed = again.takeChanged()
  expect(changed.length).toBeLessThanOrEqual(2)
  const expected = new Map([...fields, ['user:new@a', 'member'] as const])
  expected.delete('user:7@a')
  expect(write(stored, changed)).toEqual(expected)

  again.change({ del: [...expected.keys()] })
  expect(write(stored, again.takeChanged())).toEqual(new Map())
  expect(stored).toEqual(new Map())
})

test('a thousand changes in the order of the buckets touch a few of a large scope', () => {
  const buckets = new Buckets('workspace/groups', new Map())
  const ordered = [...inOrderOfBuckets('workspace/groups', fields)]
  expect(new Map(ordered)).toEqual(fields)
  buckets.change({ set: ordered.slice(0, 200) })
  expect(buckets.takeChanged().length).toBeLessThan(10)
  buckets.change({ set: [...fields].slice(0, 200) })
  expect(buckets.takeChanged().length).toBeGreaterThan(50)
  expect(inOrderOfBuckets('repository/r', fields)).toBe(fields)
})
