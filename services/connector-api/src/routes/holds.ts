import {
  HeldRemoval,
  Hold,
  HoldApproval,
  HoldDecision,
  HoldReason,
  HoldRejection,
} from '@clarity/shared/contract/holds'
import { ConnectionId, ScopeId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import { HeldPlace } from '../syncs/held-removals.ts'
import type { HoldService } from '../syncs/hold-service.ts'
import { fromCursor, PageQuery, pageOf, toCursor } from './pages.ts'

const params = z.object({ id: ConnectionId })
const config = { scope: 'removals:approve' } as const
const RemovalsQuery = PageQuery.extend({
  scope: ScopeId.optional().describe('Only what was found missing there'),
  cause: HoldReason.optional(),
})
const removalsText =
  'By scope, and there by resource and holder. While a sync or a decision changes the hold, pages go on from where the last one ended: ' +
  'what stays held is in one of them.'
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

    app.get(
      '/v1/connections/:id/hold/removals',
      {
        config: { scope: 'access:read' },
        schema: {
          ...operation('removals', 'listHeldRemovals', 'All that is held, removal by removal', removalsText),
          params,
          querystring: RemovalsQuery,
          response: { 200: pageOf(HeldRemoval) },
        },
      },
      async ({ tenantId, params: { id }, query }) => {
        const { cursor, ...wanted } = query
        const after = fromCursor(cursor, HeldPlace)
        const { items, next } = await holds.list(tenantId, id, { ...wanted, after })
        return { items: [...items], next: next && toCursor(next) }
      },
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
