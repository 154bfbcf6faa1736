import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SimulatorContext } from '../context.ts'
import { tokenRefused } from '../credentials/authentication.ts'
import type { Caller } from '../credentials/caller.ts'
import type { Era } from '../era.ts'
import type { CallIdentity } from '../faults/fault.ts'
import type { Workspace, World } from '../world/types.ts'
import { findRepository, findWorkspace } from '../world/world.ts'
import { type Answer, Reply, toJsonAnswer } from './answer.ts'
import { ApiError } from './errors.ts'
import { selectFields } from './fields.ts'
import { isObject, type Json } from './json.ts'
import { requireScopes } from './scopes.ts'
import { serve } from './serve.ts'

/** One endpoint of the API. The path is Bitbucket's own notation. */
export interface Endpoint {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** What the token of a consumer, or an access token, must have. */
  readonly scopes: readonly string[]
  /** What a user's API token must have, without the suffix `:bitbucket`. */
  readonly tokenScopes: readonly string[]
  /** Eras that have it; all when left out. */
  readonly eras?: readonly Era[]
  /** Who may come without a credential: nobody, to a 401 or to a 404; or anybody, who then sees what is public. */
  readonly anonymous?: 'refused' | 'not-found' | 'allowed'
  /** Whether access tokens are taken; on permissions they are not. */
  readonly accessTokens?: boolean
  /** Whether it is a list that takes a query in `q`. */
  readonly queries?: boolean
  /** What answers for a workspace that the caller does not see; it is as if it were not there when left out. */
  readonly unseen?: 403
  /** The body of the 200, or a whole reply. @throws ApiError, Redirect */
  answer(call: Call): Json | Reply
}

/** A request that is allowed: its credential is good, its scopes suffice, and it sees its workspace. */
export interface Call {
  readonly era: Era
  readonly world: World
  readonly caller: Caller
  readonly context: SimulatorContext
  /** The workspace that the path names. */
  readonly workspace: Workspace
  /** The request's own URL, with the scheme and host that the client used. */
  readonly url: URL
  /** What paths of the API stand behind: scheme and host, and `/api` where the client wrote it. */
  readonly base: string
  /** The largest `pagelen`. */
  readonly pagelenMax: number
  /** Whether a list takes a query in `q`. */
  readonly queries: boolean
  readonly body: unknown
  /** A parameter of the path, decoded. */
  param(name: string): string
}

/** Where the API is found: below the host, and below `/api` as it once was. */
const basePaths = ['', '/api']

/** Registers the endpoint: limits, faults, credential, scopes, workspace, answer, `fields`, in Bitbucket's order. */
export function registerEndpoint(app: FastifyInstance, endpoint: Endpoint, context: SimulatorContext): void {
  if (endpoint.eras !== undefined && !endpoint.eras.includes(context.era)) return
  const { method = 'GET', path } = endpoint
  for (const basePath of basePaths) {
    app.route({
      method,
      url: `${basePath}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      handler: (request, reply) =>
        serve(context, request, reply, {
          route: path,
          identity: identify(context, endpoint, request),
          make: () => answer(endpoint, context, request, basePath),
        }),
    })
  }
}

/** The parameters of the request's path by name, decoded. */
export function pathParams(request: FastifyRequest): Readonly<Record<string, string>> {
  return PathParams.parse(request.params)
}

const PathParams = z.record(z.string(), z.string())

function answer(endpoint: Endpoint, context: SimulatorContext, request: FastifyRequest, basePath: string): Answer {
  const caller = context.authentication.readCaller(request.headers.authorization)
  const headers = context.limits.admit(caller)
  requireKind(endpoint, caller)
  requireScopes(caller, endpoint)
  const call = toCall(endpoint, context, request, caller, basePath)
  const given = endpoint.answer(call)
  const { status, body } = given instanceof Reply ? given : new Reply(200, given)
  if (body === undefined) return { status, headers, payload: '' }
  const shown = isObject(body) ? selectFields(body, call.url.searchParams.get('fields')) : body
  return toJsonAnswer(status, shown, headers)
}

/** @throws ApiError when the endpoint takes no credential of that kind */
function requireKind({ anonymous = 'refused', accessTokens = false }: Endpoint, { kind }: Caller): void {
  if (kind === 'access-token' && !accessTokens) throw tokenRefused()
  if (kind !== 'anonymous' || anonymous === 'allowed') return
  throw anonymous === 'not-found' ? notFound() : tokenRefused()
}

/** What is not there and what may not be seen look the same. */
export function notFound(): ApiError {
  const message = 'You may not have access to this repository or it no longer exists in this workspace.'
  const hint = 'If you think this repository exists and you have access, make sure you are authenticated.'
  return new ApiError(404, `${message} ${hint}`)
}

function toCall(
  endpoint: Endpoint,
  context: SimulatorContext,
  request: FastifyRequest,
  caller: Caller,
  basePath: string,
): Call {
  const { era, world } = context
  const params = pathParams(request)
  const param = (name: string) => params[name] ?? ''
  const found = findWorkspace(world, param('workspace'))
  const workspace = found !== undefined && caller.sees(found) ? found : undefined
  if (endpoint.path.includes('{workspace}') && workspace === undefined) {
    if (endpoint.unseen === 403) throw new ApiError(403, 'You do not have access to this workspace.')
    throw new ApiError(404, `No workspace with identifier '${param('workspace')}'.`)
  }
  const origin = `${request.protocol}://${request.host}`
  return {
    era,
    world,
    caller,
    context,
    get workspace() {
      if (workspace === undefined) throw new Error(`${endpoint.path} names no workspace`)
      return workspace
    },
    url: new URL(request.url, origin),
    base: `${origin}${basePath}`,
    pagelenMax: context.pagelenMax.get(endpoint.path) ?? 100,
    queries: endpoint.queries ?? false,
    body: request.body,
    param,
  }
}

/** What the call is, for faults, limits and the log; whatever its credential is worth. */
function identify(context: SimulatorContext, endpoint: Endpoint, request: FastifyRequest): CallIdentity {
  const { workspace: id = '', ...others } = pathParams(request)
  const workspace = findWorkspace(context.world, id)
  const page = Number(new URLSearchParams(request.url.split('?')[1]).get('page') ?? 1)
  return {
    endpoint: `${endpoint.method ?? 'GET'} ${endpoint.path}`,
    workspace: workspace?.slug ?? null,
    resources: Object.values(others).flatMap((name) => (workspace ? namesOf(workspace, name) : [name])),
    page: Number.isInteger(page) ? page : 1,
    credential: credentialOf(context, request),
  }
}

function credentialOf({ authentication }: SimulatorContext, request: FastifyRequest): string {
  try {
    return authentication.readCaller(request.headers.authorization).id
  } catch (error) {
    if (error instanceof ApiError) return 'refused'
    throw error
  }
}

/** All names of what the path names: a repository goes by slug and by uuid, a project by key and by uuid. */
function namesOf(workspace: Workspace, name: string): string[] {
  const repository = findRepository(workspace, name)
  if (repository !== undefined) return [repository.slug, repository.uuid]
  const project = workspace.projectsByKey.get(name) ?? workspace.projects.get(name)
  return project === undefined ? [name] : [project.key, project.uuid]
}
