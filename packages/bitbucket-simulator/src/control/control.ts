import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { pathParams } from '../http/endpoint.ts'
import { toFailure } from '../http/errors.ts'
import { findConsumer, putConsumer } from '../world/consumers.ts'
import { ConsumerSettings, WorkspaceOptions } from '../world/options.ts'
import { findConflict, seedWorkspace } from '../world/seed.ts'
import { toTruth } from '../world/truth.ts'
import { registerChanges } from './changes.ts'
import type { ControlContext } from './context.ts'
import { ControlError, parseBody, readWorkspace } from './parse.ts'

/** The control API: what a test or a developer does to the world. It asks for no credentials. */
export function registerControl(app: FastifyInstance, context: ControlContext): void {
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
  registerChanges(app, context)
  registerRequests(app, context)
}

function registerWorkspaces(app: FastifyInstance, { world }: ControlContext): void {
  app.get('/workspaces', async () => [...world.workspacesBySlug.keys()])

  app.post('/workspaces', async (request, reply) => {
    const options = parseBody(WorkspaceOptions, request)
    const conflict = findConflict(world, options)
    if (conflict !== undefined) throw new ControlError(409, conflict)
    const { slug, uuid, consumers } = seedWorkspace(world, options)
    const [consumer] = consumers.values()
    return reply.status(201).send({ slug, uuid, consumer: { key: consumer?.key, secret: consumer?.secret } })
  })

  app.get('/workspaces/:workspace', async (request) => toTruth(readWorkspace(world, request)))

  app.put('/workspaces/:workspace/consumers/:key', async (request) => {
    const workspace = readWorkspace(world, request)
    const settings = parseBody(ConsumerSettings, request)
    const { key = '' } = pathParams(request)
    const owner = findConsumer(world, key)?.workspace
    if (owner !== undefined && owner !== workspace)
      throw new ControlError(409, `the workspace ${owner.slug} has that key`)
    return putConsumer(workspace, key, settings)
  })
}

function registerRequests(app: FastifyInstance, { world, requests }: ControlContext): void {
  app.get('/requests', async (request) => {
    const { workspace } = z.object({ workspace: z.string().optional() }).parse(request.query)
    if (workspace !== undefined && !world.workspacesBySlug.has(workspace)) {
      throw new ControlError(404, `there is no workspace ${workspace}`)
    }
    return requests.read(workspace)
  })

  app.delete('/requests', async (_request, reply) => {
    requests.reset()
    return reply.status(204).send()
  })
}
