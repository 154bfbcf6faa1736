import { SignedEvidence } from '@clarity/shared/contract/evidence'
import { ConnectionId, SyncId } from '@clarity/shared/contract/ids'
import { toCsv } from '@clarity/shared/evidence/to-csv'
import { InputError } from '@clarity/shared/runtime/errors'
import accepts from '@fastify/accepts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { operation } from '../plugins/openapi.ts'
import type { SyncService } from '../syncs/sync-service.ts'

/** What a sync has left behind, and the key with which it is verified. */
export function evidenceRoutes(service: SyncService, publicKeyPem: string): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(accepts)

    app.get(
      '/v1/connections/:id/syncs/:syncId/evidence',
      {
        config: { scope: 'access:read' },
        schema: {
          ...operation('evidence', 'getEvidence', 'Signed evidence of a sync'),
          params: z.object({ id: ConnectionId, syncId: SyncId }),
          response: {
            200: { content: { 'application/json': { schema: SignedEvidence }, 'text/csv': { schema: z.string() } } },
          },
        },
      },
      async (request, reply) => {
        const { id, syncId } = request.params
        const type = request.type(['application/json', 'text/csv'])
        if (type === false) throw notAcceptable()
        const evidence = await service.readEvidence(request.tenantId, id, syncId)
        reply.header('vary', 'accept')
        if (type === 'application/json') return reply.send(evidence)
        return reply
          .type('text/csv; charset=utf-8; header=present')
          .header('content-disposition', `attachment; filename="evidence-${syncId}.csv"`)
          .send(toCsv(evidence))
      },
    )

    app.get(
      '/v1/evidence/public-key',
      {
        config: { scope: 'access:read' },
        schema: {
          ...operation('evidence', 'getEvidenceKey', 'The public key that verifies evidence'),
          response: { 200: { content: { 'application/x-pem-file': { schema: z.string() } } } },
        },
      },
      async (_request, reply) => reply.type('application/x-pem-file').send(publicKeyPem),
    )
  }
}

function notAcceptable(): InputError {
  return new InputError('not-acceptable', 'Evidence is there as application/json and as text/csv', {
    remedy: 'Send the header "Accept: application/json" or "Accept: text/csv".',
  })
}
