import Fastify, { type FastifyInstance } from 'fastify'
import { registerControl } from './control/control.ts'
import { groupEndpoints } from './endpoints/groups.ts'
import { memberEndpoints } from './endpoints/members.ts'
import { projectEndpoints } from './endpoints/projects.ts'
import { repositoryEndpoints } from './endpoints/repositories.ts'
import { registerTokenEndpoint } from './endpoints/token.ts'
import { workspaceEndpoints } from './endpoints/workspace.ts'
import { pathParams, registerEndpoint } from './http/endpoint.ts'
import { ApiError, toEnvelope, toFailure } from './http/errors.ts'
import { createTokens } from './http/tokens.ts'
import { createRequestCounter, type RequestCounter } from './requests.ts'
import type { World } from './world/types.ts'
import { findWorkspace } from './world/world.ts'

export interface AppOptions {
  readonly world: World
  /** The time in ms since the epoch; tokens and changes live by it. */
  readonly now: () => number
  readonly tokenLifeSeconds: number
}

const endpoints = [
  ...workspaceEndpoints,
  ...memberEndpoints,
  ...projectEndpoints,
  ...repositoryEndpoints,
  ...groupEndpoints,
]

/** The whole simulator on one Fastify instance that does not listen yet. */
export function createApp({ world, now, tokenLifeSeconds }: AppOptions): FastifyInstance {
  const requests = createRequestCounter()
  const tokens = createTokens(world, now, tokenLifeSeconds)
  const app = Fastify({
    logger: { level: 'error' },
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    exposeHeadRoutes: false,
  })
  answerErrors(app)
  countCalls(app, world, requests)
  for (const path of ['/livez', '/readyz']) app.get(path, async () => ({ status: 'ok' }))
  for (const endpoint of endpoints) registerEndpoint(app, endpoint, world, tokens)
  app.register((scope, _options, done) => {
    registerTokenEndpoint(scope, world, tokens, requests)
    done()
  })
  app.register(
    (scope, _options, done) => {
      registerControl(scope, { world, requests, now })
      done()
    },
    { prefix: '/_control' },
  )
  return app
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof ApiError) return reply.status(error.status).send(toEnvelope(error.message, error.detail))
    const { status, message } = toFailure(error)
    if (status === 500) request.log.error(error)
    return reply.status(status).send(toEnvelope(message))
  })
  app.setNotFoundHandler(async (_request, reply) => {
    return reply.status(404).send(toEnvelope('Resource not found', 'There is no API hosted at this URL.'))
  })
}

/** Counts before the answer leaves: who has the answer finds it counted. */
function countCalls(app: FastifyInstance, world: World, requests: RequestCounter): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (/^\/[12]\.0\//.test(request.url)) {
      const route = request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? '(no such endpoint)'
      const workspace = request.routeOptions.url && findWorkspace(world, pathParams(request).workspace ?? '')
      requests.countCall(`${request.method} ${route}`, reply.statusCode, workspace ? workspace.slug : undefined)
    }
    return payload
  })
}
