import { createRequire } from 'node:module'
import { AuditHeaders, AuditRecord } from '@clarity/shared/contract/audit'
import { auditExample, exampleAuditHeaders } from '@clarity/shared/contract/audit-example'
import { Entitlement, Grant, Nesting, Resource, ServiceUser } from '@clarity/shared/contract/entities'
import { eventExamples, exampleHeaders } from '@clarity/shared/contract/event-examples'
import { EventHeaders } from '@clarity/shared/contract/event-headers'
import { type EventName, eventData } from '@clarity/shared/contract/events'
import { stateKinds, stateValue } from '@clarity/shared/contract/state'
import { exampleStateHeaders, stateExamples } from '@clarity/shared/contract/state-examples'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { asyncApi } from './asyncapi.ts'
import type { JsonSchema } from './compatibility.ts'
import {
  auditSchema,
  eventNames,
  eventSchema,
  stateSchema,
  toJsonSchema,
  versionedAudit,
  versionedName,
} from './event-schemas.ts'
import { eventSchemaFiles } from './generated.ts'
import { readReleased, releaseFaults } from './released-schemas.ts'

const released = readReleased()

/** What a JSON Schema validator that is not ours has against the data; null when it has nothing. */
function validate(schema: JsonSchema, data: unknown) {
  const ajv = ajvFormats.default(new Ajv2020({ allErrors: true }))
  const check = ajv.compile(schema)
  check(data)
  return check.errors ?? null
}

test.each(eventNames)('the example of %s has all that its schema names, and nothing else', (name: EventName) => {
  const { data } = eventExamples[name]
  expect(eventData[name].parse(data)).toEqual(data)
  expect(validate(eventSchema(name), data)).toBeNull()
  expect(EventHeaders.parse(exampleHeaders(name))).toEqual(exampleHeaders(name))
})

test.each(eventNames)('a consumer that validates %s accepts what is added later', (name) => {
  const { data } = eventExamples[name]
  const later = { ...data, added: 1, connection: { ...data.connection, added: { more: true } } }
  expect(validate(eventSchema(name), later)).toBeNull()
})

test.each(stateKinds)('the example of the state record %s has all that its schema names, and nothing else', (kind) => {
  const { value } = stateExamples[kind]
  expect(stateValue[kind].parse(value)).toEqual(value)
  expect(validate(stateSchema(kind), value)).toBeNull()
  expect(validate(stateSchema(kind), { ...value, added: 1 })).toBeNull()
  expect(EventHeaders.parse(exampleStateHeaders(kind))).toEqual(exampleStateHeaders(kind))
})

test('the example of an audit record has all that its schema names, and nothing else', () => {
  expect(AuditRecord.parse(auditExample)).toEqual(auditExample)
  expect(validate(auditSchema(), auditExample)).toBeNull()
  expect(AuditHeaders.parse(exampleAuditHeaders())).toEqual(exampleAuditHeaders())
})

test('a consumer that validates audit records accepts what is added later: fields, actions, actors and targets', () => {
  const actor = { kind: 'robot', id: 'r1', name: null, added: true }
  const later = { ...auditExample, added: 1, actor, action: 'moon.landed', target: { kind: 'moon', id: 'm1' } }
  expect(validate(auditSchema(), later)).toBeNull()
  expect(AuditRecord.safeParse(later).success).toBe(true)
  const { actor: _, ...without } = auditExample
  expect(validate(auditSchema(), without)).toMatchObject([{ params: { missingProperty: 'actor' } }])
})

test('a schema refuses data that lacks something, and values that it does not list', () => {
  const schema = eventSchema('service-user-entitlement.granted')
  const { grant, ...rest } = eventExamples['service-user-entitlement.granted'].data
  expect(validate(schema, rest)).toMatchObject([{ keyword: 'required', params: { missingProperty: 'grant' } }])
  expect(validate(schema, { ...rest, grant, cause: 'else' })).toMatchObject([{ keyword: 'enum' }])
  expect(validate(schema, { ...rest, grant, observedAt: 'today' })).toMatchObject([{ keyword: 'format' }])
})

/** Every property, however deep, that has no description. */
function undescribed(schema: unknown, place: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {}, anyOf = [], items, additionalProperties } = schema as JsonSchema
  const own = Object.entries(properties).filter(([, each]) => typeof each !== 'object' || !each.description)
  return [
    ...own.map(([name]) => `${place}.${name}`),
    ...Object.entries(properties).flatMap(([name, each]) => undescribed(each, `${place}.${name}`)),
    ...[...anyOf, items, additionalProperties].flatMap((each) => undescribed(each, place)),
  ]
}

test('every event, entity and header is described, and so is each of their properties', () => {
  const entities = { ServiceUser, Entitlement, Resource, Grant, Nesting, EventHeaders, AuditRecord, AuditHeaders }
  const state = Object.fromEntries(Object.entries(stateValue).map(([kind, schema]) => [`${kind}.state`, schema]))
  const named = Object.entries({ ...eventData, ...entities, ...state })
  const found = named.flatMap(([name, schema]) => undescribed(toJsonSchema(schema), name))
  expect(found).toEqual([])
  expect(eventNames.filter((name) => !eventData[name].description)).toEqual([])
})

test('finds a property without a description, however deep', () => {
  const deep = { anyOf: [{ type: 'array', items: { properties: { b: {}, c: { description: 'Told.' } } } }] }
  const schema = { properties: { a: { description: 'Told.', additionalProperties: deep }, d: {} } }
  expect(undescribed(schema, 'x')).toEqual(['x.d', 'x.a.b'])
})

test('no released event has changed in a way that could break a consumer; if one has, give it a new version', () => {
  expect(released.size).toBeGreaterThan(0)
  expect(releaseFaults(released, eventSchemaFiles())).toEqual([])
})

test('a consumer of the released schemas accepts what is told now', () => {
  const events = eventNames.map((name) => [`${versionedName(name)}.json`, eventExamples[name].data] as const)
  const examples = [...events, [`${versionedAudit}.json`, auditExample] as const]
  for (const [file, data] of examples) {
    const schema = released.get(file)
    if (schema !== undefined) expect(validate(schema, data), file).toBeNull()
  }
})

test('an event that is no longer told, or lacks a field, is found', () => {
  const schemas = eventSchemaFiles()
  const [file, schema] = [...schemas][0] ?? expect.fail('there are no events')
  const less = { ...schema, required: schema.required?.filter((name) => name !== 'cause') ?? [] }
  const without = new Map([...schemas].filter(([name]) => name !== file))
  expect(releaseFaults(schemas, without)).toEqual([`${file}: is no longer told`])
  expect(releaseFaults(schemas, new Map([...schemas, [file, less]]))).toEqual([
    `${file}: data.cause: may now be absent`,
  ])
  expect(releaseFaults(without, schemas)).toEqual([])
})

/** The rules of AsyncAPI itself, from those who write the standard. */
function asyncApiErrors(document: unknown) {
  // Required, for its module reads all versions; it brings the meta-schema along, so ajv must not have one of its own.
  const rules: unknown = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json')
  const ajv = ajvFormats.default(new Ajv({ strict: false, meta: false, validateSchema: false }))
  const check = ajv.compile(rules as object)
  check(document)
  return check.errors ?? null
}

test('the AsyncAPI document keeps the rules of AsyncAPI 3', () => {
  const document = asyncApi('1.0.0')
  expect(asyncApiErrors(document)).toBeNull()
  expect(asyncApiErrors({ ...document, operations: { tell: { action: 'shout' } } })).not.toBeNull()
})

test('every reference in the AsyncAPI document leads somewhere, and every event is a message', () => {
  const document = asyncApi('1.0.0')
  const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)
  const targets = [...references].map(([, target]) => target ?? '')
  const files = targets.filter((target) => !target.startsWith('#'))
  expect(files).toEqual([...eventSchemaFiles().keys()].map((file) => `./${file}`))
  const follow = (pointer: string) =>
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => Object.getOwnPropertyDescriptor(at ?? {}, key)?.value, document)
  const inside = targets.filter((target) => target.startsWith('#'))
  expect(inside.filter((target) => follow(target) === undefined)).toEqual([])
  expect(follow('#/channels/nothing')).toBeUndefined()
})
