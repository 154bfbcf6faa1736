import { expect, test } from 'vitest'
import { incompatibilities, type JsonSchema } from './compatibility.ts'

const text = { type: 'string' } as const
const nothing = { type: 'null' } as const

function anObject(properties: Record<string, JsonSchema>, rest: JsonSchema = {}): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), ...rest }
}

const level = { type: 'string', enum: ['read', 'write'] } satisfies JsonSchema
const id = { anyOf: [{ ...text, pattern: '^user:' }, nothing] } satisfies JsonSchema
const count = { type: 'integer', minimum: 0, maximum: 9 } satisfies JsonSchema
const before = anObject(
  {
    level,
    id,
    count,
    at: { ...text, format: 'date-time' },
    owner: { anyOf: [anObject({ name: text }), nothing] },
    names: { type: 'array', items: text, maxItems: 20 },
    changed: { type: 'object', propertyNames: text, additionalProperties: anObject({ from: {}, to: {} }) },
    note: text,
  },
  { required: ['level', 'id', 'count', 'at', 'owner', 'names', 'changed'] },
)

/** The schema with some properties replaced, or left out where there is none. */
function replaced(changes: Record<string, JsonSchema | undefined>): JsonSchema {
  const entries = Object.entries({ ...before.properties, ...changes }).filter(([, schema]) => schema !== undefined)
  return { ...before, properties: Object.fromEntries(entries) as Record<string, JsonSchema> }
}

test.each<[string, JsonSchema]>([
  ['nothing at all', before],
  ['a description', { ...before, description: 'Says more.', examples: [{}] }],
  ['a new optional property', replaced({ more: text })],
  [
    'a new property that is always there',
    { ...replaced({ more: text }), required: [...(before.required ?? []), 'more'] },
  ],
  ['a property that is now always there', { ...before, required: [...(before.required ?? []), 'note'] }],
  [
    'a new optional property further in',
    replaced({ owner: { anyOf: [{ ...anObject({ name: text }), properties: { name: text, more: text } }, nothing] } }),
  ],
  ['fewer values', replaced({ level: { type: 'string', enum: ['read'] } })],
  ['one value, written as such', replaced({ level: { type: 'string', const: 'write' } })],
  ['never null any more', replaced({ id: { ...text, pattern: '^user:' } })],
  ['closer limits', replaced({ count: { type: 'integer', minimum: 1, maximum: 8 } })],
  ['a shorter list', replaced({ names: { type: 'array', items: text, maxItems: 10 } })],
  [
    'what could be anything is now text',
    replaced({
      changed: { type: 'object', propertyNames: text, additionalProperties: anObject({ from: text, to: {} }) },
    }),
  ],
  ['types written as a list', replaced({ note: { type: ['string'] } })],
])('lets pass: %s', (_, after) => {
  expect(incompatibilities(before, after)).toEqual([])
})

test.each<[string, JsonSchema, string]>([
  ['a property removed', replaced({ level: undefined }), 'data.level: was removed'],
  ['an optional property removed', replaced({ note: undefined }), 'data.note: was removed'],
  ['a property renamed', replaced({ note: undefined, remark: text }), 'data.note: was removed'],
  [
    'a property that may now be absent',
    { ...before, required: ['id', 'count', 'at', 'owner', 'names', 'changed'] },
    'data.level: may now be absent',
  ],
  ['another type', replaced({ note: { type: 'integer' } }), 'data.note: was string, is integer'],
  ['any type', replaced({ note: {} }), 'data.note: was string, is anything'],
  ['one more type', replaced({ note: { type: ['string', 'null'] } }), 'data.note: was string, is null'],
  [
    'one more value',
    replaced({ level: { type: 'string', enum: ['read', 'write', 'admin'] } }),
    'data.level: may now be "admin"',
  ],
  ['any value', replaced({ level: text }), 'data.level: may now be string'],
  [
    'one more alternative',
    replaced({ id: { anyOf: [...id.anyOf, { ...text, pattern: '^group:' }] } }),
    'data.id: pattern was "^user:", is "^group:"',
  ],
  ['a pattern gone', replaced({ id: { anyOf: [text, nothing] } }), 'data.id: pattern was "^user:", is none'],
  ['a format gone', replaced({ at: text }), 'data.at: format was "date-time", is none'],
  ['a lower minimum', replaced({ count: { ...count, minimum: -1 } }), 'data.count: minimum was 0, is -1'],
  ['no maximum', replaced({ count: { type: 'integer', minimum: 0 } }), 'data.count: maximum was 9, is none'],
  ['fractions', replaced({ count: { ...count, type: 'number' } }), 'data.count: was integer, is number'],
  [
    'a longer list',
    replaced({ names: { type: 'array', items: text, maxItems: 30 } }),
    'data.names: maxItems was 20, is 30',
  ],
  [
    'other items',
    replaced({ names: { type: 'array', items: nothing, maxItems: 20 } }),
    'data.names[]: was string, is null',
  ],
  ['any items', replaced({ names: { type: 'array', maxItems: 20 } }), 'data.names[]: was string, is anything'],
  ['a removal behind null', replaced({ owner: { anyOf: [anObject({}), nothing] } }), 'data.owner.name: was removed'],
  [
    'a removal in a record',
    replaced({ changed: { type: 'object', propertyNames: text, additionalProperties: anObject({ from: {} }) } }),
    'data.changed.*.to: was removed',
  ],
  [
    'a record that is open',
    replaced({ changed: { type: 'object', propertyNames: text } }),
    'data.changed.*: was object, is anything',
  ],
  [
    'a keyword that it does not know',
    replaced({ note: { ...text, not: { const: 'x' } } }),
    'data.note: not cannot be judged here',
  ],
  ['a reference', replaced({ note: { $ref: '#/$defs/note' } }), 'data.note: $ref cannot be judged here'],
])('finds: %s', (_, after, fault) => {
  expect(incompatibilities(before, after)).toEqual([fault])
})

test('finds a new property where the released schema allows no other', () => {
  const closed = { ...before, additionalProperties: false }
  expect(incompatibilities(closed, { ...replaced({ more: text }), additionalProperties: false })).toEqual([
    'data.more: is new where nothing else was allowed',
  ])
  expect(incompatibilities(closed, before)).toEqual(['data.*: is new where nothing else was allowed'])
})
