import { type FastifyInstance, fastify } from 'fastify'
import type { Registry } from 'prom-client'

/** One thing a service needs; `check` rejects when it is away. */
export interface HealthCheck {
  readonly name: string
  check(): Promise<void>
}

const checkTimeoutMs = 2_000

/**
 * Adds `GET /livez` (the process answers) and `GET /readyz` (everything it needs answers; 503 with the names of
 * what does not). With a registry also `GET /metrics`, in the text format of Prometheus. All are public.
 */
export function addHealthRoutes(app: FastifyInstance, checks: readonly HealthCheck[], registry?: Registry): void {
  app.get('/livez', { config: { public: true } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { config: { public: true } }, async (_request, reply) => {
    const failed = (await Promise.all(checks.map(failure))).filter((name) => name !== null)
    if (failed.length === 0) return { status: 'ok' }
    return reply.code(503).send({ status: 'unavailable', failed })
  })
  if (registry === undefined) return
  app.get('/metrics', { config: { public: true } }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

async function failure(needed: HealthCheck): Promise<string | null> {
  const timeout = AbortSignal.timeout(checkTimeoutMs)
  const timedOut = new Promise<never>((_, reject) => timeout.addEventListener('abort', () => reject(timeout.reason)))
  // Why it failed is in the log of whoever uses it; a probe is told only what.
  return Promise.race([needed.check(), timedOut]).then(
    () => null,
    () => needed.name,
  )
}

/** A small server with only the health routes, for services that serve nothing else. */
export async function startHealthServer(options: {
  readonly host: string
  readonly port: number
  readonly checks: readonly HealthCheck[]
  readonly registry?: Registry
}): Promise<FastifyInstance> {
  const app = fastify({ logger: false })
  addHealthRoutes(app, options.checks, options.registry)
  await app.listen({ host: options.host, port: options.port })
  return app
}
