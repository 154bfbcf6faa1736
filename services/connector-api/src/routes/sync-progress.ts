import { Readable } from 'node:stream'
import { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { callerOf } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import type { ProgressStreams } from '../syncs/progress-stream.ts'

const text =
  'Server-sent events: `progress`, each with the sync whole, and at last `ended`. `Last-Event-ID` takes up where a lost ' +
  'connection was.'

export function syncProgressRoutes(streams: ProgressStreams): FastifyPluginAsyncZod {
  return async (app) => {
    const closing = new AbortController()
    app.addHook('preClose', async () => closing.abort(new Error('the service stops')))

    app.get(
      '/v1/connections/:id/syncs/:syncId/progress',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('syncs', 'followSync', 'Live progress of a sync', text),
          params: z.object({ id: ConnectionId, syncId: SyncId }),
          headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
          response: { 200: { content: { 'text/event-stream': { schema: z.custom<Readable>() } } } },
        },
      },
      async (request, reply) => {
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort(new Error('the caller is gone')))
        const signal = AbortSignal.any([gone.signal, closing.signal])
        const { tenantId, params } = request
        const lastEventId = request.headers['last-event-id'] ?? null
        const caller = { tenantId, callerId: callerOf(request).id, lastEventId }
        const events = await streams.open(caller, params.id, params.syncId, signal)
        // The end of the stream is that of the connection, so that a service that stops has none left.
        reply
          .header('content-type', 'text/event-stream')
          .header('x-accel-buffering', 'no')
          .header('connection', 'close')
        return reply.send(Readable.from(events))
      },
    )
  }
}
