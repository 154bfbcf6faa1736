import { Hold, HoldApproval, HoldDecision } from '@clarity/shared/contract/holds'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { HoldService } from '../hold-service.ts'

const params = z.object({ id: ConnectionId })
const Decided = z.object({ decision: HoldDecision, removed: z.int(), kept: z.int() })

export function holdRoutes(holds: HoldService): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/v1/connections/:id/hold', { schema: { params, response: { 200: Hold } } }, async (request) =>
      holds.read(request.tenantId, request.params.id),
    )

    app.post(
      '/v1/connections/:id/hold/approve',
      {
        schema: {
          params,
          // Nothing at all approves everything.
          body: z.preprocess((body) => body ?? {}, HoldApproval),
          response: { 200: Decided },
        },
      },
      async (request) => holds.approve(request.tenantId, request.params.id, request.body),
    )

    app.post('/v1/connections/:id/hold/reject', { schema: { params, response: { 200: Decided } } }, async (request) =>
      holds.reject(request.tenantId, request.params.id),
    )
  }
}
