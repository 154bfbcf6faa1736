import { ConnectionView, NewConnection } from '@clarity/shared/contract/connections'
import { FreshnessView } from '@clarity/shared/contract/freshness'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { manualSchedule } from '@clarity/shared/contract/schedule'
import { NotReadScopes } from '@clarity/shared/contract/scopes'
import { Sync } from '@clarity/shared/contract/syncs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ConnectionChanges } from '../connection-changes.ts'
import { operation } from '../plugins/openapi.ts'
import { RunnableSchedule } from '../runnable-schedule.ts'
import type { ConnectionService } from '../service.ts'

const params = z.object({ id: ConnectionId })

export function connectionRoutes(service: ConnectionService, changes: ConnectionChanges): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections',
      {
        config: { scope: 'connections:write' },
        schema: {
          ...operation(
            'connections',
            'createConnection',
            'Connect a workspace',
            'Checks the credentials, saves the connection and starts its first full sync: all of it, or nothing.',
          ),
          body: NewConnection.extend({ schedule: RunnableSchedule.optional() }),
          response: { 201: z.object({ connection: ConnectionView, sync: Sync }) },
        },
      },
      async (request, reply) => {
        const { connection, sync } = await service.create(request.tenantId, request.body)
        const { schedule = manualSchedule } = request.body
        if (request.body.schedule) await changes.setSchedule(request.tenantId, connection.id, schedule)
        const latestSync = { id: sync.id, state: sync.state }
        return reply
          .code(201)
          .header('location', `/v1/connections/${connection.id}`)
          .send({
            connection: {
              ...connection,
              schedule,
              health: { state: 'ok' },
              latestSync,
            },
            sync,
          })
      },
    )

    app.get(
      '/v1/connections/:id',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('connections', 'getConnection', 'A connection, without its secrets'),
          params,
          response: { 200: ConnectionView },
        },
      },
      async (request) => service.read(request.tenantId, request.params.id),
    )

    app.get(
      '/v1/connections/:id/not-read',
      {
        config: { scope: 'access:read' },
        schema: {
          ...operation('access', 'getNotRead', 'What the last tries could not read, and why'),
          params,
          response: { 200: NotReadScopes },
        },
      },
      async (request) => service.readNotRead(request.tenantId, request.params.id),
    )

    app.get(
      '/v1/connections/:id/freshness',
      {
        config: { scope: 'access:read' },
        schema: {
          ...operation('access', 'getFreshness', 'How old what is known is'),
          params,
          response: { 200: FreshnessView },
        },
      },
      async (request) => service.readFreshness(request.tenantId, request.params.id),
    )
  }
}
