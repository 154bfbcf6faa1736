import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Resource } from '../contract/entities.ts'
import { PackedFields, packResource, unpackFields, unpackResource } from './pack.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\n', '\t', '\\', '\\n', 'U', '=', 'user:', 'group:'),
)
const uuid = fc.uuid()
const field = fc.oneof(
  uuid.map((id) => `user:${id}`),
  fc.tuple(uuid, text).map(([id, slug]) => `user:${id}@${slug}`),
  text.map((slug) => `group:${slug}`),
  text.map((id) => `user:${id}`),
  text,
)
const value = fc.oneof(fc.constantFrom('', 'read', 'write', 'admin', 'create-repo', 'member', 'owner'), text)
const named = { kind: fc.constantFrom('workspace', 'project', 'repository', 'group'), name: text }
const optional = {
  uuid: fc.oneof(
    uuid.map((id) => `{${id}}`),
    text,
  ),
  slug: text,
  key: text,
  url: text,
  private: fc.boolean(),
  defaultPermission: fc.option(text, { nil: null }),
  parent: fc.record({
    kind: fc.constant('project'),
    uuid: fc.oneof(
      uuid.map((id) => `{${id}}`),
      text,
    ),
    key: text,
  }),
}

function packFields(fields: readonly (readonly [string, string])[]): string {
  const bucket = new PackedFields('')
  for (const [name, said] of fields) bucket.set(name, said)
  return bucket.pack()
}

const uniqueFields = fc.uniqueArray(fc.tuple(field, value), { selector: ([name]) => name })

test('facts are the same after they were packed, whatever is in them', () => {
  fc.assert(
    fc.property(uniqueFields, (fields) => {
      expect(unpackFields(packFields(fields))).toEqual(fields)
    }),
  )
})

test('what changes of packed facts changes, and the rest stays as it was', () => {
  const change = fc.tuple(uniqueFields, uniqueFields, fc.nat(), field)
  fc.assert(
    fc.property(change, ([before, set, at, other]) => {
      const bucket = new PackedFields(packFields(before))
      const gone = before[at % Math.max(1, before.length)]?.[0] ?? other
      for (const [name, said] of set) bucket.set(name, said)
      bucket.delete(gone)
      const expected = new Map([...before, ...set])
      expected.delete(gone)
      expect(new Map(unpackFields(bucket.pack()))).toEqual(expected)
    }),
  )
})

test('a resource is the same after it was packed: what is absent stays absent, and null stays null', () => {
  const resource = fc.record({ ...named, ...optional }, { requiredKeys: ['kind', 'name'] })
  fc.assert(
    fc.property(resource, (said) => {
      expect(Resource.parse(unpackResource(packResource(Resource.parse(said))))).toEqual(said)
    }),
  )
})

test('a grant takes 26 characters at most', () => {
  const line = packFields([
    ['user:0d3f9a52-1c7e-4e2b-9a55-6c8f0f1e2d3c', 'create-repo'],
    ['user:1d3f9a52-1c7e-4e2b-9a55-6c8f0f1e2d3c', 'admin'],
  ])
  expect(line.length).toBeLessThanOrEqual(2 * 26)
})
