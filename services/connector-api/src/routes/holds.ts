import { Hold, HoldApproval, HoldDecision } from '@clarity/shared/contract/holds'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { HoldService } from '../hold-service.ts'
import { operation } from '../plugins/openapi.ts'

const params = z.object({ id: ConnectionId })
const Decided = z.object({ decision: HoldDecision, removed: z.int(), kept: z.int() })

export function holdRoutes(holds: HoldService): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/connections/:id/hold',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('removals', 'getHold', 'Removals that wait for a decision'),
          params,
          response: { 200: Hold },
        },
      },
      async (request) => holds.read(request.tenantId, request.params.id),
    )

    app.post(
      '/v1/connections/:id/hold/approve',
      {
        config: { scope: 'removals:approve' },
        schema: {
          ...operation('removals', 'approveRemovals', 'Approve held removals: all, or those that are named'),
          params,
          // Nothing at all approves everything.
          body: z.preprocess((body) => body ?? {}, HoldApproval),
          response: { 200: Decided },
        },
      },
      async (request) => holds.approve(request.tenantId, request.params.id, request.body),
    )

    app.post(
      '/v1/connections/:id/hold/reject',
      {
        config: { scope: 'removals:approve' },
        schema: {
          ...operation('removals', 'rejectRemovals', 'Reject held removals: the facts stay'),
          params,
          response: { 200: Decided },
        },
      },
      async (request) => holds.reject(request.tenantId, request.params.id),
    )
  }
}
