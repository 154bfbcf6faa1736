import { ConnectionView, NewCredentials } from '@clarity/shared/contract/connections'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { Schedule } from '@clarity/shared/contract/schedule'
import { StreamVerification, StreamVerificationRequest } from '@clarity/shared/contract/verification'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ConnectionChanges } from '../connections/connection-changes.ts'
import type { ConnectionService } from '../connections/connection-service.ts'
import { RunnableSchedule } from '../connections/runnable-schedule.ts'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'

const params = z.object({ id: ConnectionId })
const config = { scope: 'connections:write' } as const
const removeText =
  'Everything that it told is told as removed, with the reason connection-removed; then it is forgotten, its secrets at once.'
const pauseText = 'Nothing is read any more; a sync that runs ends with its slice. What was told stays as last known.'

export function connectionChangeRoutes(service: ConnectionService, changes: ConnectionChanges): FastifyPluginAsyncZod {
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
      async (request) => changes.setSchedule(requestedBy(request), request.tenantId, request.params.id, request.body),
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
        await changes.replaceCredentials(requestedBy(request), request.tenantId, request.params.id, request.body)
        return reply.code(204).send()
      },
    )

    for (const [verb, operationId, text] of [
      ['pause', 'pauseConnection', pauseText],
      ['resume', 'resumeConnection', 'It is read again: by its schedule, and when it is asked to.'],
    ] as const) {
      app.post(
        `/v1/connections/:id/${verb}`,
        {
          config,
          schema: {
            ...operation('connections', operationId, verb === 'pause' ? 'Pause it' : 'Let it go on', text),
            params,
            response: { 200: ConnectionView },
          },
        },
        async (request) => {
          await changes[verb](requestedBy(request), request.tenantId, request.params.id)
          return service.read(request.tenantId, request.params.id)
        },
      )
    }

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
      async (request, reply) => {
        const { id } = request.params
        reply.code(202)
        return changes.verifyStream(requestedBy(request), request.tenantId, id, request.body.text)
      },
    )

    app.delete(
      '/v1/connections/:id',
      {
        config,
        schema: {
          ...operation('connections', 'removeConnection', 'Remove a connection', removeText),
          params,
          response: { 202: z.object({ state: z.literal('removing') }) },
        },
      },
      async (request, reply) => {
        await changes.remove(requestedBy(request), request.tenantId, request.params.id)
        return reply.code(202).send({ state: 'removing' })
      },
    )
  }
}
