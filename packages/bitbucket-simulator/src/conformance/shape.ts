import type { Components } from './components.ts'
import { type Schema, toComponentName } from './description.ts'

/** All that is described of one place in a body. It grows as bodies reach deeper, so that circles of schemas end. */
export class Shape {
  readonly #schemas: readonly Schema[]
  readonly #components: Components
  /** The components that the place refers to. */
  readonly #names: readonly string[]
  /** What they say, with all that they build on. */
  readonly #leaves: readonly Schema[]
  readonly #properties = new Map<string, { readonly value: Shape | undefined }>()
  readonly #narrowed = new Map<string, { readonly value: Shape | undefined }>()
  #items: Shape | undefined
  #any: Shape | undefined
  /** Nothing is described of this object: it may hold anything. */
  readonly isOpen: boolean
  /** The property that tells which of a family an object is; undefined when there is no family. */
  readonly discriminator: string | undefined

  constructor(schemas: readonly Schema[], components: Components) {
    this.#schemas = schemas
    this.#components = components
    this.#names = schemas.flatMap(({ $ref }) => ($ref === undefined ? [] : [toComponentName($ref)]))
    this.#leaves = [...flatten(schemas, components)]
    this.isOpen = this.#leaves.every((leaf) => Object.keys(leaf.properties ?? {}).length === 0)
    this.discriminator = this.#names.map(components.discriminatorOf).find((each) => each !== undefined)
  }

  /** The shape of a property; undefined when none of the schemas knows it. */
  property(name: string): Shape | undefined {
    return memoize(this.#properties, name, () => {
      const described = this.#leaves.flatMap((leaf) => ownProperty(leaf.properties, name))
      const others = this.#leaves.flatMap(({ additionalProperties: each }): readonly Schema[] =>
        typeof each === 'object' ? [each] : [],
      )
      const schemas = described.length > 0 ? described : others
      return schemas.length > 0 ? new Shape(schemas, this.#components) : undefined
    })
  }

  /** The shape of each member of a list. */
  get items(): Shape {
    this.#items ??= new Shape(
      this.#leaves.flatMap(({ items }): readonly Schema[] => (items ? [items] : [])),
      this.#components,
    )
    return this.#items
  }

  /** The shape of an object that says it is of this type; undefined when the family has no such member. */
  narrow(type: string): Shape | undefined {
    return memoize(this.#narrowed, type, () => {
      const isMember = this.#names.every((name) => name === type || this.#components.subtypesOf(name).has(type))
      return isMember ? this.#with([type]) : undefined
    })
  }

  /** The shape of an object that may be any of the family. */
  get any(): Shape {
    this.#any ??= this.#with(this.#names.flatMap((name) => [...this.#components.subtypesOf(name)]))
    return this.#any
  }

  #with(names: readonly string[]): Shape {
    const more = names.map((name) => ({ $ref: `#/components/schemas/${name}` }))
    return new Shape([...this.#schemas, ...more], this.#components)
  }
}

function flatten(schemas: readonly Schema[], components: Components, seen = new Set<Schema>()): Set<Schema> {
  for (const schema of schemas) {
    const resolved = schema.$ref === undefined ? schema : components.get(toComponentName(schema.$ref))
    if (seen.has(resolved)) continue
    seen.add(resolved)
    flatten([...(resolved.allOf ?? []), ...(resolved.anyOf ?? []), ...(resolved.oneOf ?? [])], components, seen)
  }
  return seen
}

function ownProperty(properties: Schema['properties'], name: string): readonly Schema[] {
  const own = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
  return own ? [own] : []
}

function memoize<T>(known: Map<string, { readonly value: T }>, key: string, make: () => T): T {
  const found = known.get(key) ?? { value: make() }
  known.set(key, found)
  return found.value
}
