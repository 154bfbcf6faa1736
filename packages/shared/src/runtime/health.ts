import { type FastifyInstance, fastify } from 'fastify'
import type { Registry } from 'prom-client'
import { addMeasuredGauge } from './metrics.ts'

/** One thing a service needs; `check` rejects when it is away. */
export interface HealthCheck {
  readonly name: string
  check(): Promise<void>
}

const checkTimeoutMs = 2_000

export interface HealthOptions {
  /** With it there is `GET /metrics` as well, in the text format of Prometheus. */
  readonly registry?: Registry
  /** What the service serves most requests without: as long as it is away it is named, and the service is ready all the same. */
  readonly later?: readonly HealthCheck[]
}

/**
 * Adds `GET /livez` (the process answers) and `GET /readyz` (everything it needs answers; 503 with the names of
 * what does not). All are public.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  checks: readonly HealthCheck[],
  { registry, later = [] }: HealthOptions = {},
): void {
  app.get('/livez', { config: { public: true } }, async () => ({ status: 'ok' }))
  app.get('/readyz', { config: { public: true } }, async (_request, reply) => {
    const [failed, waitingFor] = await Promise.all([failures(checks), failures(later)])
    if (failed.length > 0) return reply.code(503).send({ status: 'unavailable', failed: [...failed, ...waitingFor] })
    return waitingFor.length === 0 ? { status: 'ok' } : { status: 'ok', waitingFor }
  })
  if (registry === undefined) return
  addDependencyMetrics(registry, [...checks, ...later])
  app.get('/metrics', { config: { public: true } }, async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/** Adds whether each of what the service needs answers, as `/readyz` has it; once for each registry. */
export function addDependencyMetrics(registry: Registry, checks: readonly HealthCheck[]): void {
  addMeasuredGauge(registry, {
    name: 'clarity_dependency_available',
    help: 'Whether what the service needs answers: 1, or 0 while `/readyz` names it; by that name',
    label: 'dependency',
    async measure() {
      const failed = await failures(checks)
      return Object.fromEntries(checks.map(({ name }) => [name, failed.includes(name) ? 0 : 1]))
    },
    // Longer than a check takes to be given up.
    timeoutMs: checkTimeoutMs + 1_000,
  })
}

async function failures(checks: readonly HealthCheck[]): Promise<string[]> {
  return (await Promise.all(checks.map(failure))).filter((name) => name !== null)
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
  addHealthRoutes(app, options.checks, options)
  await app.listen({ host: options.host, port: options.port })
  return app
}
