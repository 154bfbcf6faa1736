import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { SimulatorContext } from '../context.ts'
import { pathParams } from '../http/endpoint.ts'
import { toFailure } from '../http/errors.ts'
import { findConsumer, putConsumer } from '../world/consumers.ts'
import { ConsumerSettings, WorkspaceOptions, WorkspaceSettings } from '../world/options.ts'
import { findConflict, seedWorkspace } from '../world/seed.ts'
import { addAccessToken, addApiToken, NewAccessToken, NewApiToken } from '../world/tokens.ts'
import { toTruth } from '../world/truth.ts'
import { registerBehaviour } from './behaviour.ts'
import { registerChanges } from './changes.ts'
import { ControlError, parseBody, readWorkspace } from './parse.ts'

/** The control API: what a test or a developer does to the world. It asks for no credentials. */
export function registerControl(app: FastifyInstance, context: SimulatorContext): void {
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof ControlError)
      return reply.status(error.status).send({ message: error.message, issues: error.issues })
    const { status, message } = toFailure(error)
    if (status === 500) request.log.error(error)
    return reply.status(status).send({ message })
  })
  app.setNotFoundHandler(async (request, reply) => {
    return reply.status(404).send({ message: `the control API has no ${request.method} ${request.url}` })
  })
  registerWorkspaces(app, context)
  registerCredentials(app, context)
  registerChanges(app, context)
  registerRequests(app, context)
  registerBehaviour(app, context)
}

function registerWorkspaces(app: FastifyInstance, { world }: SimulatorContext): void {
  app.get('/workspaces', async () => [...world.workspacesBySlug.keys()])

  app.post('/workspaces', async (request, reply) => {
    const options = parseBody(WorkspaceOptions, request)
    const conflict = findConflict(world, options)
    if (conflict !== undefined) throw new ControlError(409, conflict)
    const { workspace, consumer } = seedWorkspace(world, options)
    const { slug, uuid } = workspace
    return reply.status(201).send({ slug, uuid, consumer: { key: consumer.key, secret: consumer.secret } })
  })

  app.get('/workspaces/:workspace', async (request) => toTruth(readWorkspace(world, request)))

  app.put('/workspaces/:workspace/settings', async (request) => {
    const workspace = readWorkspace(world, request)
    Object.assign(workspace, parseBody(WorkspaceSettings, request))
    workspace.revision++
    const { kind, administration, seats, effectiveIncludes } = workspace
    return { kind, administration, seats, effectiveIncludes }
  })
}

function registerCredentials(app: FastifyInstance, { world, clock, authentication }: SimulatorContext): void {
  app.put('/workspaces/:workspace/consumers/:key', async (request) => {
    const workspace = readWorkspace(world, request)
    const settings = parseBody(ConsumerSettings, request)
    const { key = '' } = pathParams(request)
    const owner = findConsumer(world, key)?.workspace
    if (owner !== undefined && owner !== workspace)
      throw new ControlError(409, `the workspace ${owner.slug} has that key`)
    return putConsumer(world, workspace, key, settings)
  })

  app.post('/workspaces/:workspace/api-tokens', async (request, reply) => {
    const wanted = parseBody(NewApiToken, request)
    const token = addApiToken(world, readWorkspace(world, request), wanted, clock.now())
    if (token === undefined) throw new ControlError(404, `there is no user ${wanted.userUuid}`)
    return reply.status(201).send(token)
  })

  app.post('/workspaces/:workspace/access-tokens', async (request, reply) => {
    const wanted = parseBody(NewAccessToken, request)
    const token = addAccessToken(world, readWorkspace(world, request), wanted)
    if (token === undefined) throw new ControlError(404, `there is no project or repository ${wanted.resourceUuid}`)
    return reply.status(201).send(token)
  })

  app.get('/tokens', async () => authentication.issued())

  // Every token that consumers hold ends now, as after a change of the secret; a new one can be had.
  app.delete('/tokens', async (_request, reply) => {
    authentication.revokeAll()
    return reply.status(204).send()
  })
}

const LogQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
})

function registerRequests(app: FastifyInstance, { world, counter, log }: SimulatorContext): void {
  app.get('/requests', async (request) => {
    const { workspace } = z.object({ workspace: z.string().optional() }).parse(request.query)
    if (workspace !== undefined && !world.workspacesBySlug.has(workspace)) {
      throw new ControlError(404, `there is no workspace ${workspace}`)
    }
    return counter.read(workspace)
  })

  app.get('/requests/log', async (request) => {
    const { data, error } = LogQuery.safeParse(request.query)
    if (data === undefined) throw new ControlError(400, z.prettifyError(error))
    return log.read(data.after, data.limit)
  })

  app.delete('/requests', async (_request, reply) => {
    counter.reset()
    log.clear()
    return reply.status(204).send()
  })
}
