import { traceOf, withTrace } from '@clarity/shared/runtime/trace'
import type { FastifyInstance } from 'fastify'

/** Whatever a request leads to, down to the record in Kafka, says by its `traceparent` that it did. */
export function addTrace(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers
    withTrace(traceOf(typeof traceparent === 'string' ? traceparent : undefined), done)
  })
}
