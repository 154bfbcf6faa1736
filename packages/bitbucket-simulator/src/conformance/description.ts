import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** An OpenAPI 3.0 schema: what this folder reads of it by name, and whatever else it says. */
export const Schema = z.looseObject({
  $ref: z.string().optional(),
  nullable: z.boolean().optional(),
  required: z.array(z.string()).optional(),
  discriminator: z.object({ propertyName: z.string() }).optional(),
  get properties() {
    return z.record(z.string(), Schema).optional()
  },
  get additionalProperties() {
    return z.union([z.boolean(), Schema]).optional()
  },
  get items() {
    return Schema.optional()
  },
  get allOf() {
    return z.array(Schema).optional()
  },
  get anyOf() {
    return z.array(Schema).optional()
  },
  get oneOf() {
    return z.array(Schema).optional()
  },
  get not() {
    return Schema.optional()
  },
})
export type Schema = z.infer<typeof Schema>

const Response = z.object({ content: z.record(z.string(), z.object({ schema: Schema.optional() })).optional() })
export type Response = z.infer<typeof Response>

const Operation = z.object({ responses: z.record(z.string(), Response) }).optional()
const PathItem = z.object({ get: Operation, put: Operation, post: Operation, patch: Operation, delete: Operation })
type PathItem = z.infer<typeof PathItem>

/** The part of an OpenAPI 3.0 document that says how answers look. Paths are relative to the server's. */
export const Description = z.object({
  servers: z.array(z.object({ url: z.url() })).min(1),
  paths: z.record(z.string(), PathItem),
  components: z.object({ schemas: z.record(z.string(), Schema) }),
})
export type Description = z.infer<typeof Description>

/** @throws when the file cannot be read, or is no OpenAPI 3.0 document in JSON. */
export async function readDescription(path: string): Promise<Description> {
  const text = await readFile(path, 'utf8')
  try {
    return Description.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${path} is no OpenAPI 3.0 description in JSON`, { cause })
  }
}

/** The component that a `$ref` names. @throws when it names none. */
export function toComponentName(ref: string): string {
  const name = /^#\/components\/schemas\/([^/]+)$/.exec(ref)?.[1]
  if (name === undefined) throw new Error(`The description refers to ${ref}, which is no schema of its components.`)
  return name
}

/** An operation, or what of it is not described. */
export type FoundOperation =
  | { readonly state: 'described'; readonly responses: Readonly<Record<string, Response>> }
  | { readonly state: 'route' | 'method' }

/**
 * Finds operations by route, as `/2.0/workspaces/{workspace}`. Parameters match by their place, whatever their name; a
 * route's fixed segment also matches a parameter when no path has it as it is.
 */
export function createOperationFinder({ servers, paths }: Description) {
  const base = new URL(servers[0]?.url ?? '').pathname.replace(/\/$/, '')
  const items = Object.entries(paths).map(([path, item]) => ({ segments: toSegments(`${base}${path}`), item }))
  return (method: string, route: string): FoundOperation => {
    const segments = toSegments(route)
    const found =
      items.find((each) => each.segments.join('/') === segments.join('/')) ??
      items.find((each) => matches(each.segments, segments))
    if (found === undefined) return { state: 'route' }
    const operation = operationOf(found.item, method.toLowerCase())
    return operation ? { state: 'described', responses: operation.responses } : { state: 'method' }
  }
}

function toSegments(path: string): string[] {
  return path.split('/').map((segment) => segment.replaceAll(/\{[^}]*\}/g, '{}'))
}

function matches(described: readonly string[], segments: readonly string[]): boolean {
  return described.length === segments.length && described.every((each, at) => each === '{}' || each === segments[at])
}

function operationOf(item: PathItem, method: string) {
  return Object.entries(item).find(([name]) => name === method)?.[1]
}
