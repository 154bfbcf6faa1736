import { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ConnectionService } from '../connections/connection-service.ts'
import { RunnableSchedule } from '../connections/runnable-schedule.ts'
import { operation } from '../plugins/openapi.ts'

const validateText =
  'It is a 200 also when something is in the way: then `ready` is false and `problems` says what to mend. It takes ten requests to ' +
  'Bitbucket, one more for each further credential, and with `include` up to twenty each for the lists of projects and repositories. ' +
  'Where a name or unique identifier is given, it is told too when another connection has it, or the workspace.'

export function validateRoutes(service: ConnectionService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections/validate',
      {
        config: { scope: 'connections:write' },
        schema: {
          ...operation(
            'connections',
            'validateConnection',
            'Try what a sync would read; nothing is saved',
            validateText,
          ),
          body: PreflightRequest.extend({ schedule: RunnableSchedule.optional() }),
          response: { 200: Preflight },
        },
      },
      async (request) => service.validate(request.tenantId, request.body),
    )
  }
}
