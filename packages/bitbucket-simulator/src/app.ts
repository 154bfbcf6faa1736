import Fastify, { type FastifyInstance } from 'fastify'
import type { SimulatorContext } from './context.ts'
import { registerControl } from './control/control.ts'
import { endpoints } from './endpoints/all.ts'
import { registerTokenEndpoint } from './endpoints/token.ts'
import { toErrorAnswer } from './http/answer.ts'
import { registerEndpoint } from './http/endpoint.ts'
import { ApiError } from './http/errors.ts'
import { serve } from './http/serve.ts'

export interface Tls {
  readonly key: string
  readonly cert: string
}

/** The whole simulator on one Fastify instance that does not listen yet. */
export function createApp(context: SimulatorContext, tls?: Tls): FastifyInstance {
  const options = {
    logger: { level: 'error' },
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    exposeHeadRoutes: false,
  }
  // Fastify's type tells a TLS server from a plain one; what is done with either is the same here.
  const app: FastifyInstance = tls === undefined ? Fastify(options) : (Fastify({ ...options, https: tls }) as never)
  answerErrors(app, context)
  for (const path of ['/livez', '/readyz']) app.get(path, async () => ({ status: 'ok' }))
  for (const endpoint of endpoints) registerEndpoint(app, endpoint, context)
  app.register((scope, _options, done) => {
    registerTokenEndpoint(scope, context)
    done()
  })
  app.register(
    (scope, _options, done) => {
      registerControl(scope, context)
      done()
    },
    { prefix: '/_control' },
  )
  return app
}

function answerErrors(app: FastifyInstance, context: SimulatorContext): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, headers, payload } = toErrorAnswer(error)
    if (status === 500) request.log.error(error)
    return reply.code(status).headers(headers).send(payload)
  })
  app.setNotFoundHandler((request, reply) =>
    serve(context, request, reply, {
      route: '(no such endpoint)',
      identity: {
        endpoint: `${request.method} (no such endpoint)`,
        workspace: null,
        resources: [],
        page: 1,
        credential: 'unknown',
      },
      make() {
        throw new ApiError(404, 'Resource not found', 'There is no API hosted at this URL.')
      },
    }),
  )
}
