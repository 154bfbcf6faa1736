import type { FastifyInstance } from 'fastify'

/** One line for each request that was answered, probes left out: who asked for what, and how it ended. */
export function addRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { config, url: route } = request.routeOptions
    if (config.public === true) return
    const { method, id: requestId, tenantId } = request
    const { statusCode: status, elapsedTime } = reply
    const durationMs = Math.round(elapsedTime)
    request.log.info({ event: 'request.answered', method, route, status, durationMs, tenantId, requestId }, 'answered')
  })
}
