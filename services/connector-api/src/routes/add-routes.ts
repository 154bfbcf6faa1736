import type { Clock } from '@clarity/shared/runtime/clock'
import type { FastifyInstance } from 'fastify'
import type { AccessGateway } from '../access/access-gateway.ts'
import { FreshnessHeaders } from '../access/freshness-headers.ts'
import type { ReadTimes } from '../access/read-times.ts'
import type { KeyService } from '../callers/key-service.ts'
import type { SignInService } from '../callers/sign-in-service.ts'
import type { ConnectionChanges } from '../connections/connection-changes.ts'
import type { ConnectionService } from '../connections/connection-service.ts'
import type { SettingsService } from '../connections/settings-service.ts'
import type { HoldService } from '../syncs/hold-service.ts'
import type { ProgressStreams } from '../syncs/progress-stream.ts'
import type { SyncService } from '../syncs/sync-service.ts'
import type { WebhookService } from '../webhooks/webhook-service.ts'
import { changeRoutes } from './access/changes.ts'
import { addAccessLists } from './access/lists.ts'
import { accessRoutes } from './access/single.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { auditRoutes } from './audit.ts'
import { type CandidateEmailOptions, candidateEmailRoutes } from './candidate-emails.ts'
import { connectionChangeRoutes } from './connection-changes.ts'
import { connectionRoutes } from './connections.ts'
import { evidenceRoutes } from './evidence.ts'
import { holdRoutes } from './holds.ts'
import { sessionRoutes } from './session.ts'
import { settingsRoutes } from './settings.ts'
import { signInLinkRoutes } from './sign-in-links.ts'
import { syncProgressRoutes } from './sync-progress.ts'
import { syncRoutes } from './syncs.ts'
import { tenantRoutes } from './tenants.ts'
import { validateRoutes } from './validate.ts'
import { webhookDeliveryRoutes, webhookRoutes } from './webhooks.ts'

/** What the routes ask when they answer. */
export interface RouteOptions {
  readonly connections: ConnectionService
  readonly changes: ConnectionChanges
  readonly settings: SettingsService
  readonly syncs: SyncService
  readonly progress: ProgressStreams
  readonly webhooks: WebhookService
  readonly holds: HoldService
  readonly candidateEmails: CandidateEmailOptions
  readonly access: AccessGateway
  readonly readTimes: ReadTimes
  readonly callers: KeyService
  readonly signIn: SignInService
  /** Where browsers reach us; empty: by whatever host they name. */
  readonly publicUrl: string
  readonly clock: Clock
  /** With which evidence is verified. */
  readonly publicKeyPem: string
}

/** Every operation of the API. */
export async function addRoutes(app: FastifyInstance, options: RouteOptions): Promise<void> {
  const { connections, changes, syncs, webhooks, callers } = options
  await app.register(connectionRoutes(connections, changes))
  await app.register(connectionChangeRoutes(connections, changes))
  await app.register(validateRoutes(connections))
  await app.register(settingsRoutes(options.settings))
  await app.register(syncRoutes(syncs))
  await app.register(syncProgressRoutes(options.progress))
  await app.register(webhookRoutes(webhooks))
  await app.register(webhookDeliveryRoutes(webhooks))
  await app.register(evidenceRoutes(syncs, options.publicKeyPem))
  await app.register(holdRoutes(options.holds))
  await app.register(candidateEmailRoutes(options.candidateEmails))
  const access = {
    ...options.candidateEmails,
    gateway: options.access,
    readTimes: options.readTimes,
    clock: options.clock,
    freshness: new FreshnessHeaders(options.access),
  }
  addAccessLists(app, access)
  await app.register(accessRoutes(access))
  await app.register(changeRoutes(access))
  await app.register(auditRoutes(access))
  await app.register(sessionRoutes(options.signIn, options.publicUrl))
  await app.register(apiKeyRoutes(callers))
  await app.register(tenantRoutes(callers))
  await app.register(signInLinkRoutes(callers, options.signIn, options.publicUrl))
}
