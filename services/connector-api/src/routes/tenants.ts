import {
  ApiKeyId,
  ApiKeyView,
  CreatedApiKey,
  NewApiKey,
  NewTenant,
  Tenant,
  TenantChange,
} from '@clarity/shared/contract/callers'
import { TenantId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { KeyService } from '../callers/key-service.ts'
import { callerOf, requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'

const params = z.object({ tenantId: TenantId })
const config = { scope: 'operator' as const }

/** Tenants and their keys, for the operator of the deployment. */
export function tenantRoutes(keys: KeyService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/tenants',
      {
        config,
        schema: {
          ...operation('tenants', 'createTenant', 'Make a tenant'),
          body: NewTenant,
          response: { 201: Tenant },
        },
      },
      async (request, reply) => {
        const tenant = await keys.createTenant(requestedBy(request), request.body)
        return reply.code(201).header('location', `/v1/tenants/${tenant.id}`).send(tenant)
      },
    )

    app.get(
      '/v1/tenants',
      {
        config,
        schema: {
          ...operation('tenants', 'listTenants', 'All tenants'),
          response: { 200: z.object({ items: z.array(Tenant) }) },
        },
      },
      async () => ({ items: await keys.listTenants() }),
    )

    app.get(
      '/v1/tenants/:tenantId',
      { config, schema: { ...operation('tenants', 'getTenant', 'A tenant'), params, response: { 200: Tenant } } },
      async (request) => keys.readTenant(request.params.tenantId),
    )

    app.patch(
      '/v1/tenants/:tenantId',
      {
        config,
        schema: {
          ...operation('tenants', 'changeTenant', 'Rename, suspend or let in again'),
          params,
          body: TenantChange,
          response: { 200: Tenant },
        },
      },
      async (request) => keys.changeTenant(requestedBy(request), request.params.tenantId, request.body),
    )

    app.post(
      '/v1/tenants/:tenantId/api-keys',
      {
        config,
        schema: {
          ...operation('tenants', 'createTenantApiKey', 'Make a key of a tenant; it is shown this once'),
          params,
          body: NewApiKey,
          response: { 201: CreatedApiKey },
        },
      },
      async (request, reply) => {
        const { id } = await keys.readTenant(request.params.tenantId)
        const created = await keys.createKey(requestedBy(request), callerOf(request), id, request.body)
        return reply.code(201).header('cache-control', 'no-store').send(created)
      },
    )

    app.get(
      '/v1/tenants/:tenantId/api-keys',
      {
        config,
        schema: {
          ...operation('tenants', 'listTenantApiKeys', 'The keys of a tenant'),
          params,
          response: { 200: z.object({ items: z.array(ApiKeyView) }) },
        },
      },
      async (request) => {
        const { id } = await keys.readTenant(request.params.tenantId)
        return { items: await keys.listKeys(id) }
      },
    )

    app.delete(
      '/v1/tenants/:tenantId/api-keys/:keyId',
      {
        config,
        schema: {
          ...operation('tenants', 'revokeTenantApiKey', 'Revoke a key of a tenant'),
          params: params.extend({ keyId: ApiKeyId }),
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const { id } = await keys.readTenant(request.params.tenantId)
        await keys.revokeKey(requestedBy(request), id, request.params.keyId)
        return reply.code(204).send()
      },
    )
  }
}
