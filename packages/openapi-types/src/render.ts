import openapiTypes, { astToString } from 'openapi-typescript'

/**
 * Types of the paths and operations of an OpenAPI 3.1 description (its JSON text), as the source of a module.
 *
 * A package of its own, for the library makes them by the programmatic API of TypeScript 5, and everything else here is checked by
 * a version that has none.
 */
export async function renderOpenApiTypes(description: string): Promise<string> {
  const banner = '// Made of schemas/openapi.json by `pnpm run docs`; not to be edited.\n\n'
  return banner + astToString(await openapiTypes(description))
}
