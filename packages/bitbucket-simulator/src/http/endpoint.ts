import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Workspace, World } from '../world/types.ts'
import { findWorkspace } from '../world/world.ts'
import { ApiError } from './errors.ts'
import { selectFields } from './fields.ts'
import { isObject, type Json } from './json.ts'
import { requireScopes } from './scopes.ts'
import type { Tokens } from './tokens.ts'

/** One GET of the API. The path is Bitbucket's own notation, and names a `{workspace}`. */
export interface Endpoint {
  readonly path: string
  readonly scopes: readonly string[]
  /** The body of the 200. @throws ApiError */
  answer(call: Call): Json
}

/** A request that is allowed: its token is good, its scopes suffice, and its workspace is the caller's. */
export interface Call {
  readonly workspace: Workspace
  /** The request's own URL, with the scheme and host that the client used. */
  readonly url: URL
  /** A parameter of the path, decoded. */
  param(name: string): string
}

/** Registers the endpoint: token, scopes, workspace, answer, `fields`, in Bitbucket's order. */
export function registerEndpoint(app: FastifyInstance, endpoint: Endpoint, world: World, tokens: Tokens): void {
  app.get(endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (request) => {
    const caller = tokens.readCaller(request.headers.authorization)
    requireScopes(caller.consumer.scopes, endpoint.scopes)
    const call = toCall(request, world, caller.workspace)
    if (call.url.searchParams.has('q')) throw new ApiError(400, 'This simulator does not evaluate q.')
    const body = endpoint.answer(call)
    return isObject(body) ? selectFields(body, call.url.searchParams.get('fields')) : body
  })
}

/** The parameters of the request's path by name, decoded. */
export function pathParams(request: FastifyRequest): Readonly<Record<string, string>> {
  return PathParams.parse(request.params)
}

const PathParams = z.record(z.string(), z.string())

function toCall(request: FastifyRequest, world: World, own: Workspace): Call {
  const params = pathParams(request)
  const param = (name: string) => params[name] ?? ''
  const workspace = findWorkspace(world, param('workspace'))
  if (workspace !== own) throw new ApiError(404, `No workspace with identifier '${param('workspace')}'.`)
  return { workspace, url: new URL(request.url, `${request.protocol}://${request.host}`), param }
}
