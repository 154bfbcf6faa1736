import { withTrace } from '@clarity/shared/runtime/trace'
import type { Tracing } from '@clarity/shared/runtime/tracing'
import type { FastifyInstance } from 'fastify'
import { isProbe } from './probe.ts'

/**
 * Whatever a request leads to, down to the record in Kafka, says by its `traceparent` that it did. A request that is no probe
 * is a span, whose name is its route: what stands in the URL is in none.
 */
export function addTrace(app: FastifyInstance, tracing: Tracing): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { method, headers, routeOptions } = request
    if (isProbe(request)) return done()
    const route = routeOptions.url ?? 'unknown'
    const span = tracing.start(`${method} ${route}`, {
      kind: 'server',
      attributes: { 'http.request.method': method, 'http.route': route, 'clarity.request_id': request.id },
      parent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
    })
    reply.raw.once('close', () => {
      const { statusCode: status, raw } = reply
      if (!raw.writableEnded) return span.end('aborted')
      span.set({ 'http.response.status_code': status })
      span.end(status < 500 ? undefined : String(status))
    })
    withTrace(span.traceparent, done)
  })
}
