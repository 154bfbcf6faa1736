import {
  addressesPerRequestMax,
  CandidateEmails,
  CandidateEmailsResult,
} from '@clarity/shared/contract/candidate-emails'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { operation } from '../plugins/openapi.ts'
import type { ConnectionService } from '../service.ts'

/** The longest addresses that there may be, quoted and with a comma each. */
const bodyBytesMax = addressesPerRequestMax * 300

export function candidateEmailRoutes(service: ConnectionService, emails: CandidateEmailStore): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections/:id/candidate-emails',
      {
        config: { scope: 'connections:write' },
        bodyLimit: bodyBytesMax,
        schema: {
          ...operation('settings', 'addCandidateEmails', 'Addresses that members may have'),
          params: z.object({ id: ConnectionId }),
          body: CandidateEmails,
          response: { 202: CandidateEmailsResult },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        await service.find(request.tenantId, id)
        return reply.code(202).send(await emails.add(id, request.body.addresses))
      },
    )
  }
}
