import { ApiKeyId, ApiKeyView, CreatedApiKey, NewApiKey } from '@clarity/shared/contract/callers'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { KeyService } from '../callers/key-service.ts'
import { callerOf, requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'

/** The keys of the caller's own tenant. */
export function apiKeyRoutes(keys: KeyService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/api-keys',
      {
        config: { scope: 'connections:write' },
        schema: {
          ...operation('callers', 'createApiKey', 'Make a key; it is shown this once'),
          body: NewApiKey,
          response: { 201: CreatedApiKey },
        },
      },
      async (request, reply) => {
        const created = await keys.createKey(requestedBy(request), callerOf(request), request.tenantId, request.body)
        return reply.code(201).header('cache-control', 'no-store').send(created)
      },
    )

    app.get(
      '/v1/api-keys',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('callers', 'listApiKeys', 'The keys of the tenant, without themselves'),
          response: { 200: z.object({ items: z.array(ApiKeyView) }) },
        },
      },
      async (request) => ({ items: await keys.listKeys(request.tenantId) }),
    )

    app.delete(
      '/v1/api-keys/:keyId',
      {
        config: { scope: 'connections:write' },
        schema: {
          ...operation('callers', 'revokeApiKey', 'Revoke a key at once'),
          params: z.object({ keyId: ApiKeyId }),
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        await keys.revokeKey(requestedBy(request), request.tenantId, request.params.keyId)
        return reply.code(204).send()
      },
    )
  }
}
