import { ConnectionView, NewConnection } from '@clarity/shared/contract/connections'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { Sync } from '@clarity/shared/contract/syncs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ConnectionService } from '../service.ts'

export function connectionRoutes(service: ConnectionService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections',
      { schema: { body: NewConnection, response: { 201: z.object({ connection: ConnectionView, sync: Sync }) } } },
      async (request, reply) => {
        const { connection, sync } = await service.create(request.tenantId, request.body)
        const latestSync = { id: sync.id, state: sync.state }
        return reply
          .code(201)
          .header('location', `/v1/connections/${connection.id}`)
          .send({ connection: { ...connection, health: { state: 'ok' }, latestSync }, sync })
      },
    )

    app.get(
      '/v1/connections/:id',
      { schema: { params: z.object({ id: ConnectionId }), response: { 200: ConnectionView } } },
      async (request) => service.read(request.tenantId, request.params.id),
    )
  }
}
