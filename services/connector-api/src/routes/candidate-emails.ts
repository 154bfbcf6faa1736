import {
  addressesPerRequestMax,
  CandidateEmails,
  CandidateEmailsResult,
} from '@clarity/shared/contract/candidate-emails'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { AuditLog } from '@clarity/shared/store/audit'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Audit } from '../audit.ts'
import type { FindConnection } from '../connections/find-connection.ts'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'

/** The longest addresses that there may be, quoted and with a comma each. */
const bodyBytesMax = addressesPerRequestMax * 300
const text =
  'The next reading of the members asks Bitbucket about them. Those that were sent before stay: sending them again changes nothing.'

export interface CandidateEmailOptions {
  readonly find: FindConnection
  readonly emails: CandidateEmailStore
  readonly audit: Audit
  readonly audits: AuditLog
}

export function candidateEmailRoutes(options: CandidateEmailOptions): FastifyPluginAsyncZod {
  const { find, emails, audit, audits } = options
  return async (app) => {
    app.put(
      '/v1/connections/:id/candidate-emails',
      {
        config: { scope: 'connections:write' },
        bodyLimit: bodyBytesMax,
        schema: {
          ...operation('settings', 'addCandidateEmails', 'Addresses that members may have', text),
          params: z.object({ id: ConnectionId }),
          body: CandidateEmails,
          response: { 202: CandidateEmailsResult },
        },
      },
      async (request, reply) => {
        const { tenantId, params, body } = request
        const { id: connectionId } = params
        await find(tenantId, connectionId)
        const result = await emails.add(connectionId, body.addresses)
        const record = audit(requestedBy(request), {
          ...{ tenantId, connectionId, action: 'candidate-emails.added' },
          target: { kind: 'connection', id: connectionId },
          after: { counts: { ...result } },
        })
        await audits.append([record])
        return reply.code(202).send(result)
      },
    )
  }
}
