import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { SimulatorContext } from '../context.ts'
import { changeAndAnnounce } from '../hooks/announce.ts'
import { applyChange } from '../world/changes/apply.ts'
import { Change } from '../world/changes/change.ts'
import { applyRandomChanges } from '../world/random-changes.ts'
import { ControlError, parseBody, readWorkspace } from './parse.ts'

const RandomChanges = z.strictObject({ count: z.int().min(1).max(1000), seed: z.int() })

/** Changes by hand and by chance; each answer names the ids of what was touched. */
export function registerChanges(app: FastifyInstance, context: SimulatorContext): void {
  const { world, clock } = context

  app.post('/workspaces/:workspace/changes', async (request) => {
    const workspace = readWorkspace(world, request)
    const change = parseBody(Change, request)
    const base = `${request.protocol}://${request.host}`
    const outcome = changeAndAnnounce(context, base, workspace, change, () =>
      applyChange(workspace, change, clock.now()),
    )
    if (outcome.state === 'refused') throw new ControlError(outcome.status, outcome.message)
    return { change: outcome.change, ...outcome.ids }
  })

  app.post('/workspaces/:workspace/random-changes', async (request) => {
    const workspace = readWorkspace(world, request)
    const { count, seed } = parseBody(RandomChanges, request)
    return applyRandomChanges(workspace, count, seed, clock.now()).map(({ change, ids }) => ({ change, ...ids }))
  })
}
