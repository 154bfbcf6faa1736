import { NewCredentials } from '@clarity/shared/contract/connections'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { Schedule } from '@clarity/shared/contract/schedule'
import { StreamVerification, StreamVerificationRequest } from '@clarity/shared/contract/verification'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ConnectionChanges } from '../connection-changes.ts'
import { RunnableSchedule } from '../runnable-schedule.ts'

export function connectionChangeRoutes(changes: ConnectionChanges): FastifyPluginAsyncZod {
  const params = z.object({ id: ConnectionId })
  return async (app) => {
    app.put(
      '/v1/connections/:id/schedule',
      { schema: { params, body: RunnableSchedule, response: { 200: Schedule } } },
      async (request) => changes.setSchedule(request.tenantId, request.params.id, request.body),
    )

    app.put(
      '/v1/connections/:id/credentials',
      { schema: { params, body: NewCredentials, response: { 204: z.undefined() } } },
      async (request, reply) => {
        await changes.replaceCredentials(request.tenantId, request.params.id, request.body)
        return reply.code(204).send()
      },
    )

    app.post(
      '/v1/connections/:id/stream-verifications',
      { schema: { params, body: StreamVerificationRequest, response: { 202: StreamVerification } } },
      async (request, reply) =>
        reply.code(202).send(await changes.verifyStream(request.tenantId, request.params.id, request.body.text)),
    )

    app.delete(
      '/v1/connections/:id',
      { schema: { params, response: { 202: z.object({ state: z.literal('removing') }) } } },
      async (request, reply) => {
        await changes.remove(request.tenantId, request.params.id)
        return reply.code(202).send({ state: 'removing' })
      },
    )
  }
}
