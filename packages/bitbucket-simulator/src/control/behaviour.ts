import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { SimulatorContext } from '../context.ts'
import { endpointNames } from '../endpoints/all.ts'
import { FaultRule } from '../faults/fault.ts'
import { noSuchEndpoint } from '../faults/schedule.ts'
import { LimitSettings } from '../limits/limits.ts'
import { parseBody } from './parse.ts'

const Advance = z.strictObject({ ms: z.int().min(0).max(1_000_000_000_000) })
const KnownFaultRule = FaultRule.superRefine(({ endpoint }, context) => {
  if (endpoint === undefined || endpointNames.has(endpoint)) return
  context.addIssue({ code: 'custom', path: ['endpoint'], message: noSuchEndpoint(endpoint) })
})
const PagelenMax = z.strictObject({ route: z.string().startsWith('/'), max: z.int().min(1).max(100) })

/** How the simulator behaves whatever the truth is: time, limits, page sizes, faults, webhooks. */
export function registerBehaviour(app: FastifyInstance, context: SimulatorContext): void {
  const { clock, limits, faults, pagelenMax, deliveries } = context

  app.get('/clock', async () => ({ now: new Date(clock.now()).toISOString() }))

  app.post('/clock/advance', async (request) => {
    clock.advance(parseBody(Advance, request).ms)
    return { now: new Date(clock.now()).toISOString() }
  })

  app.get('/limits', async () => limits.settings)

  app.put('/limits', async (request) => {
    limits.settings = LimitSettings.parse({ ...limits.settings, ...parseBody(LimitSettings.partial(), request) })
    return limits.settings
  })

  app.delete('/limits/used', async (_request, reply) => {
    limits.reset()
    return reply.status(204).send()
  })

  app.put('/pagelen-max', async (request) => {
    const { route, max } = parseBody(PagelenMax, request)
    pagelenMax.set(route, max)
    return Object.fromEntries(pagelenMax)
  })

  app.get('/faults', async () => faults.read())

  app.post('/faults', async (request, reply) => {
    const rules = Array.isArray(request.body)
      ? parseBody(z.array(KnownFaultRule), request)
      : [parseBody(KnownFaultRule, request)]
    const ids = rules.map((rule) => faults.add(rule))
    return reply.status(201).send({ ids })
  })

  app.delete('/faults', async (_request, reply) => {
    faults.clear()
    return reply.status(204).send()
  })

  app.get('/deliveries', async () => deliveries.log())

  app.get('/conformance', async () => context.conformance())
}
