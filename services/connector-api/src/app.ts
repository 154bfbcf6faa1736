import { randomUUID } from 'node:crypto'
import { addHealthRoutes, type HealthCheck } from '@clarity/shared/runtime/health'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Tracing } from '@clarity/shared/runtime/tracing'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import { type FastifyBaseLogger, fastify, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Registry } from 'prom-client'
import type { ApiMetrics } from './api-metrics.ts'
import type { ApiKey } from './config.ts'
import type { ConnectionChanges } from './connection-changes.ts'
import type { HoldService } from './hold-service.ts'
import { addAuth } from './plugins/auth.ts'
import { addMetrics } from './plugins/metrics.ts'
import { addProblems } from './plugins/problem.ts'
import { addRequestLog } from './plugins/request-log.ts'
import { addTrace } from './plugins/trace.ts'
import { candidateEmailRoutes } from './routes/candidate-emails.ts'
import { connectionChangeRoutes } from './routes/connection-changes.ts'
import { connectionRoutes } from './routes/connections.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { holdRoutes } from './routes/holds.ts'
import { syncRoutes } from './routes/syncs.ts'
import { validateRoutes } from './routes/validate.ts'
import type { ConnectionService } from './service.ts'

export interface AppOptions {
  readonly service: ConnectionService
  readonly changes: ConnectionChanges
  readonly holds: HoldService
  readonly emails: CandidateEmailStore
  /** With which evidence is verified. */
  readonly publicKeyPem: string
  readonly apiKeys: readonly ApiKey[]
  readonly checks: readonly HealthCheck[]
  readonly registry: Registry
  readonly metrics: ApiMetrics
  readonly tracing: Tracing
  readonly log: Logger
}

const bodyBytesMax = 64 * 1024

/** The whole API, not yet listening. */
export async function createApp(options: AppOptions) {
  const { service, changes, holds, emails, publicKeyPem, apiKeys, checks, registry, metrics, tracing, log } = options
  const loggerInstance: FastifyBaseLogger = log
  const app = fastify({
    loggerInstance,
    bodyLimit: bodyBytesMax,
    requestTimeout: 30_000,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  addTrace(app, tracing)
  addMetrics(app, metrics)
  addRequestLog(app)
  addProblems(app)
  addAuth(app, apiKeys)
  addHealthRoutes(app, checks, registry)
  await app.register(connectionRoutes(service, changes))
  await app.register(connectionChangeRoutes(changes))
  await app.register(validateRoutes(service))
  await app.register(syncRoutes(service))
  await app.register(evidenceRoutes(service, publicKeyPem))
  await app.register(holdRoutes(holds))
  await app.register(candidateEmailRoutes(service, emails))
  return app
}
