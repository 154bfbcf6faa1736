import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Resource } from '../contract/entities.ts'
import { packFields, packResource, unpackFields, unpackResource } from './pack.ts'

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

test('facts are the same after they were packed, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(field, value)), (fields) => {
      expect(unpackFields(packFields(fields))).toEqual(fields)
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
