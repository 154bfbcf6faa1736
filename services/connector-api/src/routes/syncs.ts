import { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import { Sync, SyncRequestBody, VerificationRequest } from '@clarity/shared/contract/syncs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { operation } from '../plugins/openapi.ts'
import type { ConnectionService } from '../service.ts'

export function syncRoutes(service: ConnectionService): FastifyPluginAsyncZod {
  const config = { scope: 'syncs:write' } as const
  return async (app) => {
    app.post(
      '/v1/connections/:id/syncs',
      {
        config,
        schema: {
          ...operation('syncs', 'requestSync', 'Ask for a sync, or join one that will deliver the same'),
          params: z.object({ id: ConnectionId }),
          // Nothing at all asks for a full sync.
          body: z.preprocess((body) => body ?? {}, SyncRequestBody),
          response: { 202: z.object({ sync: Sync, joined: z.boolean() }) },
        },
      },
      async (request, reply) => {
        const result = await service.requestSync(request.tenantId, request.params.id, request.body)
        return reply
          .code(202)
          .header('location', `/v1/connections/${request.params.id}/syncs/${result.sync.id}`)
          .send(result)
      },
    )

    app.get(
      '/v1/connections/:id/syncs/:syncId',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('syncs', 'getSync', 'How far a sync is'),
          params: z.object({ id: ConnectionId, syncId: SyncId }),
          response: { 200: Sync },
        },
      },
      async (request) => service.readSync(request.tenantId, request.params.id, request.params.syncId),
    )

    app.post(
      '/v1/connections/:id/verify',
      {
        config,
        schema: {
          ...operation('syncs', 'verifyRemovals', 'Read at once whether grants and nestings are gone'),
          params: z.object({ id: ConnectionId }),
          body: VerificationRequest,
          response: { 202: Sync },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const sync = await service.verify(request.tenantId, id, request.body.ids)
        return reply.code(202).header('location', `/v1/connections/${id}/syncs/${sync.id}`).send(sync)
      },
    )

    app.post(
      '/v1/connections/:id/syncs/:syncId/cancel',
      {
        config,
        schema: {
          ...operation('syncs', 'cancelSync', 'Cancel a sync before its next scope'),
          params: z.object({ id: ConnectionId, syncId: SyncId }),
          response: { 202: Sync },
        },
      },
      async (request, reply) => {
        const { id, syncId } = request.params
        return reply.code(202).send(await service.cancelSync(request.tenantId, id, syncId))
      },
    )
  }
}
