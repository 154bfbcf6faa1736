import type { FastifyInstance } from 'fastify'
import { isProbe } from './probe.ts'

/** One line for each request that was answered, probes left out: who asked for what, and how it ended. */
export function addRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    if (isProbe(request)) return
    const { method, routeOptions } = request
    const { statusCode: status, elapsedTime } = reply
    const durationMs = Math.round(elapsedTime)
    const event = 'request.answered'
    request.log.info({ event, method, route: routeOptions.url, status, durationMs }, 'answered')
  })
}
