import { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import { SyncRequestBody, SyncView, VerificationRequest } from '@clarity/shared/contract/syncs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import type { SyncService } from '../syncs/sync-service.ts'
import { fromCursor, PageQuery, pageOf, toCursor } from './pages.ts'

const params = z.object({ id: ConnectionId })
const ofSync = params.extend({ syncId: SyncId })
const config = { scope: 'syncs:write' } as const
const Place = z.tuple([SyncId])

export function syncRoutes(service: SyncService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections/:id/syncs',
      {
        config,
        schema: {
          ...operation('syncs', 'requestSync', 'Ask for a sync, or join one that will deliver the same'),
          params,
          // Nothing at all asks for a full sync.
          body: z.preprocess((body) => body ?? {}, SyncRequestBody),
          response: { 202: z.object({ sync: SyncView, joined: z.boolean() }) },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const result = await service.request(requestedBy(request), request.tenantId, id, request.body)
        return reply.code(202).header('location', locationOf(result.sync)).send(result)
      },
    )

    app.get(
      '/v1/connections/:id/syncs',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('syncs', 'listSyncs', 'The last syncs, newest first'),
          params,
          querystring: PageQuery,
          response: { 200: pageOf(SyncView) },
        },
      },
      async ({ tenantId, params: { id }, query }) => {
        const [before = null] = fromCursor(query.cursor, Place) ?? []
        const { syncs, isLast } = await service.list(tenantId, id, { before, limit: query.limit })
        const last = syncs.at(-1)
        return { items: [...syncs], next: isLast || last === undefined ? null : toCursor([last.id]) }
      },
    )

    app.get(
      '/v1/connections/:id/syncs/:syncId',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('syncs', 'getSync', 'How far a sync is, and what became of it'),
          params: ofSync,
          response: { 200: SyncView },
        },
      },
      async ({ tenantId, params: { id, syncId } }) => service.read(tenantId, id, syncId),
    )

    app.post(
      '/v1/connections/:id/verify',
      {
        config,
        schema: {
          ...operation('syncs', 'verifyRemovals', 'Read at once whether grants and nestings are gone'),
          params,
          body: VerificationRequest,
          response: { 202: SyncView },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const sync = await service.verify(requestedBy(request), request.tenantId, id, request.body.ids)
        return reply.code(202).header('location', locationOf(sync)).send(sync)
      },
    )

    app.post(
      '/v1/connections/:id/syncs/:syncId/cancel',
      {
        config,
        schema: {
          ...operation('syncs', 'cancelSync', 'Cancel a sync before its next scope; what it has told stays'),
          params: ofSync,
          response: { 202: SyncView },
        },
      },
      async (request, reply) => {
        const { id, syncId } = request.params
        return reply.code(202).send(await service.cancel(requestedBy(request), request.tenantId, id, syncId))
      },
    )
  }
}

function locationOf({ connectionId, id }: SyncView): string {
  return `/v1/connections/${connectionId}/syncs/${id}`
}
