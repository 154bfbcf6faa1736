import type { FastifyInstance } from 'fastify'

/**
 * One line for each request that was answered, probes left out: who asked for what, and how it ended. Whatever else is logged
 * with `request.log` says whose request it was.
 */
export function addRequestLog(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => {
    if (request.routeOptions.config.public === true) return
    request.log = request.log.child({ tenantId: request.tenantId })
  })
  app.addHook('onResponse', async (request, reply) => {
    const { config, url: route } = request.routeOptions
    if (config.public === true) return
    const { method } = request
    const { statusCode: status, elapsedTime } = reply
    const durationMs = Math.round(elapsedTime)
    request.log.info({ event: 'request.answered', method, route, status, durationMs }, 'answered')
  })
}
