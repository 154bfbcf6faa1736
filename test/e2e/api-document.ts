import { z } from 'zod'
import { type ApiCall, sendCall } from './api-call.ts'
import type { ApiRequest } from './api-cases.ts'

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: z.looseObject({}),
})

const Operation = z.object({
  operationId: z.string(),
  'x-required-scope': z.string().optional(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .object({ content: z.object({ 'application/json': z.object({ schema: z.looseObject({}) }) }) })
    .optional(),
})

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })

export type ApiParameter = z.infer<typeof Parameter>

/** An operation as the document describes it. */
export interface ApiOperation {
  readonly id: string
  readonly method: string
  /** With the names of its parameters in braces. */
  readonly path: string
  readonly isForOperators: boolean
  /** Whether it asks for nobody's key. */
  readonly isPublic: boolean
  readonly parameters: readonly ApiParameter[]
  /** JSON Schema of the body; null: it takes none. */
  readonly body: object | null
}

/** What the running API says of itself. */
export async function readOperations(url: string): Promise<ApiOperation[]> {
  const { text } = await sendCall(url, { method: 'GET', target: '/openapi.json' })
  const { paths } = Document.parse(JSON.parse(text))
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      isForOperators: operation['x-required-scope'] === 'operator',
      isPublic: operation['x-required-scope'] === undefined,
      parameters: operation.parameters,
      body: operation.requestBody?.content['application/json'].schema ?? null,
    })),
  )
}

/** The names of all fields that an operation takes, at any depth. */
export function fieldNames({ parameters, body }: ApiOperation): string[] {
  return [...parameters.map(({ name }) => name), ...(body === null ? [] : propertyNames(body))]
}

function propertyNames(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertyNames)
  if (typeof schema !== 'object' || schema === null) return []
  const own =
    'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : []
  return [...own, ...Object.values(schema).flatMap(propertyNames)]
}

/** The request to the letter, with a key of the caller. */
export function toCall(operation: ApiOperation, request: ApiRequest, bearer: string): ApiCall {
  const { path = {}, query = {}, headers = {}, body } = request
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const search = new URLSearchParams(query).toString()
  const ofBody = body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    method: operation.method,
    target: search === '' ? filled : `${filled}?${search}`,
    headers: Object.entries({ authorization: `Bearer ${bearer}`, ...headers, ...ofBody }).flat(),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}
