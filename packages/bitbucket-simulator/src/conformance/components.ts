import { type Description, type Schema, toComponentName } from './description.ts'

/**
 * The description's components and their families. A schema with a `discriminator` stands for itself and for all
 * that build on it by `allOf`; the value of that property names which one an object is, as `user` among accounts.
 */
export interface Components {
  readonly schemas: Readonly<Record<string, Schema>>
  /** The component of this name. @throws when there is none. */
  get(name: string): Schema
  /** The property that tells which of the family an object is; undefined when the component has no family. */
  discriminatorOf(name: string): string | undefined
  /** All that build on the component, directly or not. */
  subtypesOf(name: string): ReadonlySet<string>
}

export function createComponents({ components: { schemas } }: Description): Components {
  const get = (name: string) => {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
    if (schema === undefined) throw new Error(`The description refers to the schema ${name}, which it does not have.`)
    return schema
  }
  const basesOf = (name: string) => readBases(get(name), get)
  const subtypes = new Map<string, Set<string>>()
  for (const name of Object.keys(schemas)) {
    for (const base of basesOf(name)) subtypes.set(base, (subtypes.get(base) ?? new Set()).add(name))
  }
  return {
    schemas,
    get,
    discriminatorOf: (name) =>
      [name, ...basesOf(name)]
        .flatMap((each) => [get(each), ...(get(each).allOf ?? [])])
        .find(({ discriminator }) => discriminator !== undefined)?.discriminator?.propertyName,
    subtypesOf: (name) => subtypes.get(name) ?? new Set(),
  }
}

/** Inline parts of an `allOf` are leaves: the description nests no further. */
function readBases(schema: Schema, get: (name: string) => Schema, seen = new Set<string>()): Set<string> {
  for (const { $ref } of schema.allOf ?? []) {
    const name = $ref === undefined ? undefined : toComponentName($ref)
    if (name !== undefined && !seen.has(name)) readBases(get(name), get, seen.add(name))
  }
  return seen
}
