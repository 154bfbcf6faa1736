import type { FastifyInstance } from 'fastify'

/** Every answer names its request: by that id it is found in the log, in the audit log and in problem documents. */
export function addRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
}
