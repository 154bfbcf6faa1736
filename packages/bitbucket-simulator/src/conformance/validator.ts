/**
 * Validates bodies by the description's schemas, with ajv. OpenAPI 3.0's dialect becomes JSON Schema: annotations go,
 * `nullable` ajv knows, and a `discriminator` becomes conditions, so that an account whose type is `user` must also be
 * a `user`. In the partial variant nothing is `required`.
 */
import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'
import type { Components } from './components.ts'
import { type Schema, toComponentName } from './description.ts'
import { type Finding, pointTo } from './deviation.ts'

type JsonSchema = { [keyword: string]: unknown }

/** Compiles a schema: the result finds everything in a body that breaks it, each thing once. */
export function createCompiler(components: Components, { partial }: { readonly partial: boolean }) {
  const translate = createTranslator(components, partial)
  const ajv = new Ajv({
    allErrors: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    verbose: true,
  })
  formats.default(ajv)
  const $defs: JsonSchema = {}
  for (const [name, schema] of Object.entries(components.schemas)) {
    $defs[name] = translate(schema)
    $defs[familyOf(name)] = toFamily(name, components)
  }
  ajv.addSchema({ $id: documentId, $defs })
  return (schema: Schema): ((body: unknown) => readonly Finding[]) => {
    const validate = ajv.compile(translate(schema))
    return (body) => (validate(body) ? [] : toFindings(validate.errors ?? []))
  }
}

const documentId = 'description'
const familyOf = (name: string) => `${name}.family`
const refTo = (definition: string) => ({ $ref: `${documentId}#/$defs/${encodeURIComponent(definition)}` })

/** Annotations that JSON Schema does not know, or that ajv gives another meaning. */
const annotations = /^(x-.*|example|discriminator|xml|externalDocs)$/

function createTranslator({ discriminatorOf }: Components, partial: boolean) {
  /** A part of an `allOf` is the very component; everywhere else a component stands for its family. */
  function translate(schema: Schema, isPart = false): JsonSchema {
    if (schema.$ref !== undefined) {
      const name = toComponentName(schema.$ref)
      return refTo(isPart || discriminatorOf(name) === undefined ? name : familyOf(name))
    }
    const { properties, additionalProperties, items, allOf, anyOf, oneOf, not, required, ...rest } = schema
    return withoutUndefined({
      ...Object.fromEntries(Object.entries(rest).filter(([keyword]) => !annotations.test(keyword))),
      required: partial ? undefined : required,
      properties: properties && mapValues(properties, (each) => translate(each)),
      additionalProperties:
        typeof additionalProperties === 'object' ? translate(additionalProperties) : additionalProperties,
      items: items && translate(items),
      allOf: allOf?.map((each) => translate(each, true)),
      anyOf: anyOf?.map((each) => translate(each)),
      oneOf: oneOf?.map((each) => translate(each)),
      not: not && translate(not),
    })
  }
  return translate
}

function toFamily(name: string, { discriminatorOf, subtypesOf }: Components): JsonSchema {
  const property = discriminatorOf(name)
  if (property === undefined) return refTo(name)
  const conditions = [...subtypesOf(name)].map((subtype) => ({
    if: { properties: { [property]: { const: subtype } }, required: [property] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: refTo(subtype),
  }))
  return { allOf: [refTo(name), ...conditions] }
}

function toFindings(errors: readonly ErrorObject[]): readonly Finding[] {
  const findings = new Map<string, Finding>()
  for (const { keyword, instancePath, params, message = '', data } of errors) {
    // `if` only says that one of its parts fails, and that part speaks for itself.
    if (keyword === 'if') continue
    const property: unknown = params.missingProperty ?? params.additionalProperty
    const pointer = typeof property === 'string' ? pointTo(instancePath, property) : instancePath
    const allowed = Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : ''
    const found = keyword === 'type' ? { found: typeNameOf(data) } : {}
    findings.set(`${pointer} ${keyword} ${message}`, { pointer, keyword, message: `${message}${allowed}`, ...found })
  }
  return [...findings.values()]
}

function typeNameOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function withoutUndefined(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined))
}
