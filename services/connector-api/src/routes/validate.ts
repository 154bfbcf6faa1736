import { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ConnectionService } from '../connections/connection-service.ts'
import { operation } from '../plugins/openapi.ts'

export function validateRoutes(service: ConnectionService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections/validate',
      {
        config: { scope: 'connections:write' },
        schema: {
          ...operation('connections', 'validateConnection', 'Try what a sync would read; nothing is saved'),
          body: PreflightRequest,
          response: { 200: Preflight },
        },
      },
      async (request) => service.validate(request.body),
    )
  }
}
