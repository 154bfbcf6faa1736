import type { CallerScope } from '@clarity/shared/contract/callers'
import type { TenantId } from '@clarity/shared/contract/ids'
import { InputError, InvariantError } from '@clarity/shared/runtime/errors'
import type { TenantStore } from '@clarity/shared/store/tenants'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { RequestedBy } from '../audit.ts'
import { activeTenantOf } from '../callers/active-tenant.ts'
import type { Authenticate, Caller } from '../callers/caller.ts'
import { readSessionCookie } from '../callers/session-cookie.ts'
import { insistOnOwnPage } from './own-origin.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; null on a public route. */
    caller: Caller | null
    /** Whose request it is; empty on a public route and for an operator. */
    tenantId: TenantId
  }
  interface FastifyContextConfig {
    /** A route that answers without a key. All others name the scope that they ask for. */
    public?: boolean
    /** `any`: whoever belongs to a tenant may call it. */
    scope?: CallerScope | 'any'
  }
}

export interface AuthOptions {
  readonly authenticate: Authenticate
  readonly tenants: Pick<TenantStore, 'read'>
  /** Where browsers reach us; empty: by whatever host they name. */
  readonly publicUrl: string
}

/**
 * Every route asks for a caller that has its scope, unless it says of itself that it is public. A caller is known by the header
 * `Authorization`, or by the cookie of its browser.
 */
export function addAuth(app: FastifyInstance, { authenticate, tenants, publicUrl }: AuthOptions): void {
  app.decorateRequest('tenantId', '')
  app.decorateRequest('caller', null)
  refuseUnguarded(app)
  app.addHook('onRequest', async (request) => {
    const { public: isPublic, scope } = request.routeOptions.config
    if (isPublic === true || request.is404) return
    const isByCookie = request.headers.authorization === undefined
    const credential = isByCookie ? cookieOf(request) : bearerOf(request)
    if (isByCookie && changes(request)) insistOnOwnPage(request, publicUrl)
    const caller = await authenticate(credential)
    if (caller === null) throw unauthenticated()
    if (scope === undefined || !allows(caller, scope, isByCookie)) throw insufficientScope(scope)
    if (scope !== 'operator') request.tenantId = (await activeTenantOf(caller, tenants)).id
    request.caller = caller
    request.log = request.log.child({ tenantId: request.tenantId, callerId: caller.id })
  })
}

/** A route that forgot to say who may call it keeps the application from starting. */
function refuseUnguarded(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const unguarded = routes.filter(({ config }) => config?.public !== true && config?.scope === undefined)
    if (unguarded.length > 0) throw new InvariantError('A route names no scope', { url: unguarded[0]?.url ?? '' })
  })
}

/** On whose behalf a request is, for the audit log. */
export function requestedBy(request: FastifyRequest): RequestedBy {
  const { kind, id, name } = callerOf(request)
  return { actor: { kind, id, name }, requestId: request.id }
}

/** The caller of a route that is not public. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new InvariantError('A route that is not public has no caller')
  return caller
}

/** A browser is let in to a tenant, also where its token would do for an operator. */
function allows({ scopes }: Caller, scope: CallerScope | 'any', isByCookie: boolean): boolean {
  return scope === 'any' || (scopes.has(scope) && !(isByCookie && scope === 'operator'))
}

function changes({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function cookieOf({ headers }: FastifyRequest): string {
  const given = readSessionCookie(headers.cookie)
  if (given === null) throw unauthenticated()
  return given
}

function bearerOf({ headers }: FastifyRequest): string {
  const [, given] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (given === undefined) throw unauthenticated()
  return given
}

function unauthenticated(): InputError {
  return new InputError('unauthenticated', 'The request has no API key or token that is valid', {
    remedy: 'Send the header "Authorization: Bearer <key>" with a key of your tenant that has not expired.',
  })
}

function insufficientScope(scope: string | undefined): InputError {
  return new InputError('insufficient-scope', `The caller lacks the scope ${scope}`, {
    remedy: `Use a key that has the scope ${scope}.`,
  })
}
