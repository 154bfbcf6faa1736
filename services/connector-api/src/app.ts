import { randomUUID } from 'node:crypto'
import { addHealthRoutes, type HealthCheck } from '@clarity/shared/runtime/health'
import type { Logger } from '@clarity/shared/runtime/log'
import type { IdempotencyStore } from '@clarity/shared/store/idempotency'
import type { TenantStore } from '@clarity/shared/store/tenants'
import { type FastifyBaseLogger, fastify, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AccessGateway } from './access/access-gateway.ts'
import { FreshnessHeaders } from './access/freshness-headers.ts'
import type { Authenticate } from './callers/caller.ts'
import type { KeyService } from './callers/key-service.ts'
import type { ConnectionChanges } from './connections/connection-changes.ts'
import type { ConnectionService } from './connections/connection-service.ts'
import type { SettingsService } from './connections/settings-service.ts'
import { addAuth } from './plugins/auth.ts'
import { addDeprecation } from './plugins/deprecation.ts'
import { addHttp, httpServerOptions } from './plugins/http.ts'
import { addIdempotency } from './plugins/idempotency.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { addPlainText } from './plugins/plain-text.ts'
import { addProblems, answerMalformed, answerUnroutable } from './plugins/problem.ts'
import { addRateLimit, type RateLimitOptions } from './plugins/rate-limit.ts'
import { addRequestId } from './plugins/request-id.ts'
import { addRequestLog } from './plugins/request-log.ts'
import { addSecurity } from './plugins/security.ts'
import { addTrace } from './plugins/trace.ts'
import { changeRoutes } from './routes/access/changes.ts'
import { addAccessLists } from './routes/access/lists.ts'
import { accessRoutes } from './routes/access/single.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { auditRoutes } from './routes/audit.ts'
import { type CandidateEmailOptions, candidateEmailRoutes } from './routes/candidate-emails.ts'
import { connectionChangeRoutes } from './routes/connection-changes.ts'
import { connectionRoutes } from './routes/connections.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { holdRoutes } from './routes/holds.ts'
import { settingsRoutes } from './routes/settings.ts'
import { syncProgressRoutes } from './routes/sync-progress.ts'
import { syncRoutes } from './routes/syncs.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { validateRoutes } from './routes/validate.ts'
import { webhookDeliveryRoutes, webhookRoutes } from './routes/webhooks.ts'
import type { HoldService } from './syncs/hold-service.ts'
import type { ProgressStreams } from './syncs/progress-stream.ts'
import type { SyncService } from './syncs/sync-service.ts'
import type { WebhookService } from './webhooks/webhook-service.ts'

export interface AppOptions {
  readonly connections: ConnectionService
  readonly changes: ConnectionChanges
  readonly settings: SettingsService
  readonly syncs: SyncService
  readonly progress: ProgressStreams
  readonly webhooks: WebhookService
  readonly holds: HoldService
  readonly candidateEmails: CandidateEmailOptions
  readonly access: AccessGateway
  readonly callers: KeyService
  readonly authenticate: Authenticate
  readonly tenants: TenantStore
  readonly idempotency: IdempotencyStore
  readonly rateLimit: RateLimitOptions
  readonly corsOrigins: readonly string[]
  /** With which evidence is verified. */
  readonly publicKeyPem: string
  readonly checks: readonly HealthCheck[]
  /** What it serves most requests without. */
  readonly laterChecks: readonly HealthCheck[]
  readonly log: Logger
}

const bodyBytesMax = 64 * 1024
/** An id of a grant names two uuids and two levels, or the slug of a group. */
const paramLengthMax = 500

/** The whole API, not yet listening. */
export async function createApp(options: AppOptions) {
  const { connections, changes, syncs, holds, callers, publicKeyPem, checks, log } = options
  const loggerInstance: FastifyBaseLogger = log
  const app = fastify({
    loggerInstance,
    bodyLimit: bodyBytesMax,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    routerOptions: { maxParamLength: paramLengthMax },
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    http: httpServerOptions,
    clientErrorHandler: answerMalformed,
    frameworkErrors: answerUnroutable,
    // What still comes while it stops is answered like everything else.
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  addTrace(app)
  addRequestId(app)
  addRequestLog(app)
  addProblems(app)
  await addSecurity(app, options)
  addHttp(app)
  addAuth(app, options)
  await addRateLimit(app, options.rateLimit)
  addPlainText(app)
  addIdempotency(app, options.idempotency)
  addDeprecation(app)
  await addOpenApi(app)
  addHealthRoutes(app, checks, { later: options.laterChecks })
  await app.register(connectionRoutes(connections, changes))
  await app.register(connectionChangeRoutes(connections, changes))
  await app.register(validateRoutes(connections))
  await app.register(settingsRoutes(options.settings))
  await app.register(syncRoutes(syncs))
  await app.register(syncProgressRoutes(options.progress))
  await app.register(webhookRoutes(options.webhooks))
  await app.register(webhookDeliveryRoutes(options.webhooks))
  await app.register(evidenceRoutes(syncs, publicKeyPem))
  await app.register(holdRoutes(holds))
  await app.register(candidateEmailRoutes(options.candidateEmails))
  const access = {
    ...options.candidateEmails,
    gateway: options.access,
    freshness: new FreshnessHeaders(options.access),
  }
  addAccessLists(app, access)
  await app.register(accessRoutes(access))
  await app.register(changeRoutes(access))
  await app.register(auditRoutes(access))
  await app.register(apiKeyRoutes(callers))
  await app.register(tenantRoutes(callers))
  return app
}
