import { AuditRecord } from '@clarity/shared/contract/audit'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AccessGateway } from '../access/access-gateway.ts'
import { Moment } from '../access/questions.ts'
import type { FindConnection } from '../connections/find-connection.ts'
import { operation } from '../plugins/openapi.ts'
import { PageQuery, pageOf } from './pages.ts'

const config = { scope: 'audit:read' } as const
const querystring = z.object({
  ...PageQuery.shape,
  actorId: z.string().min(1).max(200).optional().describe('Id of who did it'),
  action: z.string().min(1).max(100).optional().describe('What was done, such as connection.created'),
  from: Moment.optional().describe('From this time on'),
  to: Moment.optional().describe('Before this time'),
})
const response = { 200: pageOf(AuditRecord) }

export interface AuditRouteOptions {
  readonly find: FindConnection
  readonly gateway: AccessGateway
}

/** Who did what, the latest first, as the audit topic tells it. */
export function auditRoutes({ find, gateway }: AuditRouteOptions): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/audit',
      {
        config,
        schema: { ...operation('audit', 'listAudit', 'Who did what in the tenant'), querystring, response },
      },
      async ({ tenantId, query }) => toPage(await gateway.view().auditLog({ tenantId, ...query })),
    )

    app.get(
      '/v1/connections/:id/audit',
      {
        config,
        schema: {
          ...operation('audit', 'listConnectionAudit', 'Who did what to a connection'),
          params: z.object({ id: ConnectionId }),
          querystring,
          response,
        },
      },
      async ({ tenantId, params: { id: connectionId }, query }) => {
        await find(tenantId, connectionId)
        return toPage(await gateway.view().auditLog({ tenantId, connectionId, ...query }))
      },
    )
  }
}

function toPage({ items, next }: { readonly items: readonly unknown[]; readonly next: string | null }) {
  return { items: items.map((item) => AuditRecord.parse(item)), next }
}
