import { ConnectionBudget } from '@clarity/shared/contract/budget'
import { ConnectionView, NewConnection } from '@clarity/shared/contract/connections'
import { FreshnessView } from '@clarity/shared/contract/freshness'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { manualSchedule } from '@clarity/shared/contract/schedule'
import { NotReadScopes } from '@clarity/shared/contract/scopes'
import { SyncView } from '@clarity/shared/contract/syncs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ConnectionChanges } from '../connections/connection-changes.ts'
import type { ConnectionService } from '../connections/connection-service.ts'
import { RunnableSchedule } from '../connections/runnable-schedule.ts'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import { fromCursor, PageQuery, pageOf, toCursor } from './pages.ts'

const params = z.object({ id: ConnectionId })
const Place = z.tuple([z.string()])
const createText =
  'Checks the credentials, saves the connection and starts its first full sync: all of it, or nothing. What Bitbucket ' +
  'refuses is told with the field and what to mend.'

export function connectionRoutes(service: ConnectionService, changes: ConnectionChanges): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections',
      {
        config: { scope: 'connections:write' },
        schema: {
          ...operation('connections', 'createConnection', 'Connect a workspace', createText),
          body: NewConnection.extend({ schedule: RunnableSchedule.optional() }),
          response: { 201: z.object({ connection: ConnectionView, sync: SyncView }) },
        },
      },
      async (request, reply) => {
        const by = requestedBy(request)
        const { connection, sync } = await service.create(by, request.tenantId, request.body)
        const { schedule = manualSchedule } = request.body
        if (request.body.schedule) await changes.setSchedule(by, request.tenantId, connection.id, schedule)
        reply.code(201).header('location', `/v1/connections/${connection.id}`)
        return { connection: await service.read(request.tenantId, connection.id), sync }
      },
    )

    app.get(
      '/v1/connections',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('connections', 'listConnections', 'The connections of the tenant, by unique identifier'),
          querystring: PageQuery,
          response: { 200: pageOf(ConnectionView) },
        },
      },
      async ({ tenantId, query }) => {
        const [after = null] = fromCursor(query.cursor, Place) ?? []
        const { items, next } = await service.list(tenantId, { after, limit: query.limit })
        return { items, next: next && toCursor([next]) }
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
      '/v1/connections/:id/budget',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('connections', 'getBudget', 'What is left of the hour of its credentials, and when more comes'),
          params,
          response: { 200: ConnectionBudget },
        },
      },
      async (request) => service.readBudget(request.tenantId, request.params.id),
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
          ...operation('access', 'getFreshness', 'How old what is known is, and how often it is read'),
          params,
          response: { 200: FreshnessView },
        },
      },
      async (request) => service.readFreshness(request.tenantId, request.params.id),
    )
  }
}
