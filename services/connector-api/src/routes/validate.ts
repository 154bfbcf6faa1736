import { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ConnectionService } from '../service.ts'

export function validateRoutes(service: ConnectionService): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/connections/validate',
      { schema: { body: PreflightRequest, response: { 200: Preflight } } },
      async (request) => service.validate(request.body),
    )
  }
}
