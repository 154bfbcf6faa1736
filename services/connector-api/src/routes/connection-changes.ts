import { NewCredentials } from '@clarity/shared/contract/connections'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { Schedule } from '@clarity/shared/contract/schedule'
import { StreamVerification, StreamVerificationRequest } from '@clarity/shared/contract/verification'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ConnectionChanges } from '../connection-changes.ts'
import { operation } from '../plugins/openapi.ts'
import { RunnableSchedule } from '../runnable-schedule.ts'

export function connectionChangeRoutes(changes: ConnectionChanges): FastifyPluginAsyncZod {
  const params = z.object({ id: ConnectionId })
  const config = { scope: 'connections:write' } as const
  return async (app) => {
    app.put(
      '/v1/connections/:id/schedule',
      {
        config,
        schema: {
          ...operation('settings', 'setSchedule', 'Say when it syncs by itself'),
          params,
          body: RunnableSchedule,
          response: { 200: Schedule },
        },
      },
      async (request) => changes.setSchedule(request.tenantId, request.params.id, request.body),
    )

    app.put(
      '/v1/connections/:id/credentials',
      {
        config,
        schema: {
          ...operation('connections', 'replaceCredentials', 'Put other credentials in the place of all present ones'),
          params,
          body: NewCredentials,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        await changes.replaceCredentials(request.tenantId, request.params.id, request.body)
        return reply.code(204).send()
      },
    )

    app.post(
      '/v1/connections/:id/stream-verifications',
      {
        config: { scope: 'syncs:write' },
        schema: {
          ...operation('stream', 'verifyStream', 'Put an event with your text into the stream, to see that it arrives'),
          params,
          body: StreamVerificationRequest,
          response: { 202: StreamVerification },
        },
      },
      async (request, reply) =>
        reply.code(202).send(await changes.verifyStream(request.tenantId, request.params.id, request.body.text)),
    )

    app.delete(
      '/v1/connections/:id',
      {
        config,
        schema: {
          ...operation(
            'connections',
            'removeConnection',
            'Remove a connection',
            'Everything that it told is told as removed; then it is forgotten, its secrets at once.',
          ),
          params,
          response: { 202: z.object({ state: z.literal('removing') }) },
        },
      },
      async (request, reply) => {
        await changes.remove(request.tenantId, request.params.id)
        return reply.code(202).send({ state: 'removing' })
      },
    )
  }
}
