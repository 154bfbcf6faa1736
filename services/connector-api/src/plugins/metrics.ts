import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiMetrics } from '../api-metrics.ts'
import { isProbe } from './probe.ts'

/** The label of all that is no route of ours: callers may ask for anything. */
const unknownRoute = 'unknown'
/** The label of requests whose caller was gone before the answer was. */
const aborted = 'aborted'

/** Counts each request but probes when it is over, however it ends. */
export function addMetrics(app: FastifyInstance, { seconds, inFlight }: ApiMetrics): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isProbe(request)) return
    inFlight.inc()
    // `onResponse` is not called when the caller goes away; this is, whatever happens.
    reply.raw.once('close', () => {
      inFlight.dec()
      seconds.observe(labelsOf(request, reply), reply.elapsedTime / 1_000)
    })
  })
}

function labelsOf(request: FastifyRequest, reply: FastifyReply) {
  const { method, routeOptions } = request
  const status = reply.raw.writableEnded ? String(reply.statusCode) : aborted
  return { method, route: routeOptions.url ?? unknownRoute, status }
}
