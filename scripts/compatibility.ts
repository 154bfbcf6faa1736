import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'

/**
 * Whether a schema of events may follow another one under the same type. Consumers read: so all that is told by the new
 * schema must be what a consumer of the old one expects (its validator accepts it), and all that the old one promised must
 * still be there. What cannot be judged counts as incompatible.
 */

export type JsonSchema = z.core.JSONSchema.JSONSchema

const annotations = ['$schema', '$id', '$comment', 'title', 'description', 'examples', 'deprecated']
const lowerBounds = ['minimum', 'minLength', 'minItems'] as const
const upperBounds = ['maximum', 'maxLength', 'maxItems'] as const
const exact = ['pattern', 'format', 'propertyNames'] as const
const structure = ['type', 'enum', 'const', 'anyOf', 'properties', 'required', 'additionalProperties', 'items']
const judged = new Set<string>([...annotations, ...lowerBounds, ...upperBounds, ...exact, ...structure])

/** What a consumer of `before` could stumble over in `after`, as lines that begin with the place; none when compatible. */
export function incompatibilities(before: JsonSchema, after: JsonSchema, place = 'data'): string[] {
  const unknown = [...unjudged(before), ...unjudged(after)]
  if (unknown.length > 0) return unknown.map((keyword) => `${place}: ${keyword} cannot be judged here`)
  const expected = alternatives(before)
  return alternatives(after).flatMap((told) => {
    const verdicts = candidates(expected, told).map((each) => compare(each, told, place))
    if (verdicts.some((faults) => faults.length === 0)) return []
    const [only] = verdicts
    if (only !== undefined && verdicts.length === 1) return only
    return [`${place}: may now be ${shown(told)}`]
  })
}

function unjudged(schema: JsonSchema): string[] {
  const keywords = Object.keys(schema)
  const unknown = keywords.filter((keyword) => !judged.has(keyword))
  const besideAnyOf = keywords.filter((keyword) => keyword !== 'anyOf' && !annotations.includes(keyword))
  return schema.anyOf !== undefined && besideAnyOf.length > 0 ? [...unknown, 'anyOf with other keywords'] : unknown
}

/** A schema as a choice between simple ones: of one type, and of one value where it lists values. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((each) => alternatives(toSchema(each)))
  const { enum: values, type, ...rest } = schema
  const types = Array.isArray(type) ? type : [type]
  const typed: JsonSchema[] = types.map((each) => (each === undefined ? rest : { ...rest, type: each }))
  if (values === undefined) return typed
  return values.flatMap((value) => typed.map((each) => ({ ...each, const: value })))
}

/** Those of the same type, when there are any: the others would only say that the type is another one. */
function candidates(expected: readonly JsonSchema[], told: JsonSchema): readonly JsonSchema[] {
  const alike = expected.filter(({ type }) => type === undefined || type === told.type)
  return alike.length > 0 ? alike : expected
}

/** Two simple schemas. */
function compare(before: JsonSchema, after: JsonSchema, place: string): string[] {
  if (!isWithin(after.type, before.type)) return [`${place}: was ${shown(before)}, is ${shown(after)}`]
  if (before.const !== undefined && !isDeepStrictEqual(before.const, after.const)) {
    return [`${place}: may now be ${shown(after)}`]
  }
  return [
    ...compareLimits(before, after, place),
    ...compareObjects(before, after, place),
    ...compareItems(before, after, place),
  ]
}

function isWithin(type: JsonSchema['type'], allowed: JsonSchema['type']): boolean {
  return allowed === undefined || type === allowed || (type === 'integer' && allowed === 'number')
}

function compareLimits(before: JsonSchema, after: JsonSchema, place: string): string[] {
  const isLower = (keyword: (typeof lowerBounds)[number]) =>
    (after[keyword] ?? -Infinity) < (before[keyword] ?? -Infinity)
  const isHigher = (keyword: (typeof upperBounds)[number]) =>
    (after[keyword] ?? Infinity) > (before[keyword] ?? Infinity)
  const isOther = (keyword: (typeof exact)[number]) =>
    before[keyword] !== undefined && !isDeepStrictEqual(before[keyword], after[keyword])
  return [...lowerBounds.filter(isLower), ...upperBounds.filter(isHigher), ...exact.filter(isOther)].map(
    (keyword) =>
      `${place}: ${keyword} was ${JSON.stringify(before[keyword])}, is ${JSON.stringify(after[keyword]) ?? 'none'}`,
  )
}

function compareObjects(before: JsonSchema, after: JsonSchema, place: string): string[] {
  const properties = after.properties ?? {}
  const known = before.properties ?? {}
  const kept = Object.entries(known).flatMap(([name, schema]) => {
    const now = properties[name]
    if (now === undefined) return [`${place}.${name}: was removed`]
    return incompatibilities(toSchema(schema), toSchema(now), `${place}.${name}`)
  })
  const isRemoved = (name: string) => known[name] !== undefined && properties[name] === undefined
  const dropped = (before.required ?? []).filter((name) => !after.required?.includes(name) && !isRemoved(name))
  const others = before.additionalProperties ?? true
  const added = Object.entries(properties).filter(([name]) => known[name] === undefined)
  return [
    ...kept,
    ...dropped.map((name) => `${place}.${name}: may now be absent`),
    ...added.flatMap(([name, schema]) => compareWhole(others, schema, `${place}.${name}`)),
    ...compareWhole(others, after.additionalProperties ?? true, `${place}.*`),
  ]
}

function compareItems(before: JsonSchema, after: JsonSchema, place: string): string[] {
  if (Array.isArray(before.items) || Array.isArray(after.items))
    return [`${place}: a list of items cannot be judged here`]
  return compareWhole(before.items ?? true, after.items ?? true, `${place}[]`)
}

type AnySchema = z.core.JSONSchema._JSONSchema

/** Schemas that may also be `true`, which allows everything, or `false`, which allows nothing. */
function compareWhole(before: AnySchema, after: AnySchema, place: string): string[] {
  if (before === true || after === false) return []
  if (before === false) return [`${place}: is new where nothing else was allowed`]
  return incompatibilities(before, toSchema(after), place)
}

function toSchema(schema: AnySchema): JsonSchema {
  return schema === true ? {} : schema === false ? { enum: [] } : schema
}

function shown({ const: value, type, pattern }: JsonSchema): string {
  if (value !== undefined) return JSON.stringify(value)
  const what = String(type ?? 'anything')
  return pattern === undefined ? what : `${what} like ${pattern}`
}
