import { createHash, timingSafeEqual } from 'node:crypto'
import type { TenantId } from '@clarity/shared/contract/ids'
import { InputError } from '@clarity/shared/runtime/errors'
import type { FastifyInstance } from 'fastify'
import type { ApiKey } from '../config.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is; empty on a public route. */
    tenantId: TenantId
  }
  interface FastifyContextConfig {
    /** A route that answers without a key. All others ask for one. */
    public?: boolean
  }
}

/** Every route asks for a tenant's bearer key, unless it says of itself that it is public. */
export function addAuth(app: FastifyInstance, apiKeys: readonly ApiKey[]): void {
  const known = apiKeys.map(({ tenantId, key }) => ({ tenantId, digest: digestOf(key.reveal()) }))
  app.decorateRequest('tenantId', '')
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.public === true) return
    const [, given] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
    const digest = digestOf(given ?? '')
    // All keys are compared, each in constant time, so that the time tells nothing.
    const found = known.filter((candidate) => timingSafeEqual(candidate.digest, digest))
    const [caller] = found
    if (given === undefined || caller === undefined) throw unauthenticated()
    request.tenantId = caller.tenantId
  })
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function unauthenticated(): InputError {
  return new InputError('unauthenticated', 401, 'The request has no valid API key', {
    remedy: 'Send the header "Authorization: Bearer <key>" with a key of your tenant.',
  })
}
