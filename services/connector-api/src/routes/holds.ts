import { Hold, HoldApproval, HoldDecision, HoldRejection } from '@clarity/shared/contract/holds'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import type { HoldService } from '../syncs/hold-service.ts'

const params = z.object({ id: ConnectionId })
const config = { scope: 'removals:approve' } as const
const Decided = z.object({ decision: HoldDecision, removed: z.int(), kept: z.int() })

export function holdRoutes(holds: HoldService): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/connections/:id/hold',
      {
        config: { scope: 'access:read' },
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
        config,
        schema: {
          ...operation('removals', 'approveRemovals', 'Approve held removals: all, or those that are named'),
          params,
          body: HoldApproval,
          response: { 200: Decided },
        },
      },
      async (request) => holds.approve(requestedBy(request), request.tenantId, request.params.id, request.body),
    )

    app.post(
      '/v1/connections/:id/hold/reject',
      {
        config,
        schema: {
          ...operation('removals', 'rejectRemovals', 'Reject held removals: the facts stay as they were told'),
          params,
          body: HoldRejection,
          response: { 200: Decided },
        },
      },
      async (request) => holds.reject(requestedBy(request), request.tenantId, request.params.id, request.body),
    )
  }
}
