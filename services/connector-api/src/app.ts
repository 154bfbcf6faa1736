import { randomUUID } from 'node:crypto'
import { addHealthRoutes, type HealthCheck } from '@clarity/shared/runtime/health'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Tracing } from '@clarity/shared/runtime/tracing'
import type { IdempotencyStore } from '@clarity/shared/store/idempotency'
import type { TenantStore } from '@clarity/shared/store/tenants'
import { type FastifyBaseLogger, fastify, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Registry } from 'prom-client'
import type { ApiMetrics } from './api-metrics.ts'
import type { Authenticate } from './callers/caller.ts'
import { addAuth } from './plugins/auth.ts'
import { addConsole } from './plugins/console.ts'
import { addDeprecation } from './plugins/deprecation.ts'
import { addHttp, httpServerOptions } from './plugins/http.ts'
import { addIdempotency } from './plugins/idempotency.ts'
import { addMetrics } from './plugins/metrics.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { addPlainText } from './plugins/plain-text.ts'
import { addProblems, answerMalformed, answerUnroutable } from './plugins/problem.ts'
import { addRateLimit, type RateLimitOptions } from './plugins/rate-limit.ts'
import { addRequestId } from './plugins/request-id.ts'
import { addRequestLog } from './plugins/request-log.ts'
import { addSecurity } from './plugins/security.ts'
import { addStrictQuery } from './plugins/strict-query.ts'
import { addTrace } from './plugins/trace.ts'
import { addRoutes, type RouteOptions } from './routes/add-routes.ts'

export interface AppOptions extends RouteOptions {
  readonly authenticate: Authenticate
  readonly tenants: TenantStore
  readonly idempotency: IdempotencyStore
  readonly rateLimit: RateLimitOptions
  readonly corsOrigins: readonly string[]
  /** Where the web console was built to; null: it is not served. */
  readonly consoleDir: string | null
  readonly checks: readonly HealthCheck[]
  readonly registry: Registry
  readonly metrics: ApiMetrics
  readonly tracing: Tracing
  /** What it serves most requests without. */
  readonly laterChecks: readonly HealthCheck[]
  readonly log: Logger
}

const bodyBytesMax = 64 * 1024
/** An id of a grant names two uuids and two levels, or the slug of a group. */
const paramLengthMax = 500

/** The whole API, not yet listening. */
export async function createApp(options: AppOptions) {
  const { checks, log } = options
  const loggerInstance: FastifyBaseLogger = log
  const app = fastify({
    loggerInstance,
    bodyLimit: bodyBytesMax,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    routerOptions: { maxParamLength: paramLengthMax },
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    http: httpServerOptions,
    clientErrorHandler: answerMalformed,
    frameworkErrors: answerUnroutable,
    // What still comes while it stops is answered like everything else.
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  addTrace(app, options.tracing)
  addMetrics(app, options.metrics)
  addRequestId(app)
  addRequestLog(app)
  addProblems(app)
  await addSecurity(app, options)
  addHttp(app)
  addAuth(app, options)
  await addRateLimit(app, options.rateLimit)
  addPlainText(app)
  addStrictQuery(app)
  addIdempotency(app, options.idempotency)
  addDeprecation(app)
  await addOpenApi(app)
  addHealthRoutes(app, checks, { registry: options.registry, later: options.laterChecks })
  await addRoutes(app, options)
  if (options.consoleDir !== null) await addConsole(app, { dir: options.consoleDir, log })
  return app
}
