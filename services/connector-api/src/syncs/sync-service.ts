import { requestsOfFullSync } from '@clarity/bitbucket'
import type { Connection, CredentialRef } from '@clarity/shared/contract/connections'
import type { SignedEvidence } from '@clarity/shared/contract/evidence'
import {
  type ConnectionId,
  entitlementParts,
  holdingParts,
  type ScopeId,
  type SyncId,
  scopeOfResource,
  type TenantId,
} from '@clarity/shared/contract/ids'
import {
  isFinished,
  type Sync,
  type SyncRequestBody,
  type SyncRequested,
  type SyncTrigger,
  type SyncView,
  type VerificationRequest,
} from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { AuditLog } from '@clarity/shared/store/audit'
import type { Budget } from '@clarity/shared/store/budget'
import type { ConnectionStore, StoredConnection, SyncRequest } from '@clarity/shared/store/connections'
import { readRoomOf } from '@clarity/shared/store/credentials'
import { requestsOfIncremental, toEstimate } from '@clarity/shared/store/estimate'
import type { FactStore } from '@clarity/shared/store/facts'
import { countAhead } from '@clarity/shared/store/join'
import { newSyncRequest } from '@clarity/shared/store/sync-requests'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Audit, RequestedBy } from '../audit.ts'
import { type FindConnection, noSuchConnection } from '../connections/find-connection.ts'
import { syncCancelled } from '../events.ts'
import { checkScopes, isListScope } from './check-scopes.ts'

export interface SyncServiceOptions {
  readonly find: FindConnection
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly facts: FactStore
  readonly budgetOf: (credential: CredentialRef) => Budget
  readonly audit: Audit
  readonly audits: AuditLog
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
  readonly enqueue: (job: SyncRequested) => Promise<void>
}

/** What becomes of a request for a sync. */
export interface Requested {
  readonly sync: SyncView
  /** It is one that was open already, and will deliver what was asked for. */
  readonly joined: boolean
}

/** The syncs of a connection: asks for them, follows them, cancels them. It knows nothing of HTTP. */
export class SyncService {
  readonly #options: SyncServiceOptions

  constructor(options: SyncServiceOptions) {
    this.#options = options
  }

  /** Asks for a sync, or joins one that will deliver the same and is not finished. */
  async request(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    wanted: SyncRequestBody,
    trigger: SyncTrigger = 'api',
  ): Promise<Requested> {
    const stored = await this.#options.find(tenantId, connectionId)
    await checkScopes(this.#options.facts, stored.connection, wanted.scopes ?? [])
    const asked = { by, action: 'sync.requested' as const }
    return this.#ask(stored, this.newRequest(stored.connection, trigger, wanted, asked), wanted)
  }

  /** Reads the scopes of these grants and nestings at once, and says of each whether it is gone. */
  async verify(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    ids: VerificationRequest['ids'],
  ): Promise<SyncView> {
    const { find, facts } = this.#options
    const stored = await find(tenantId, connectionId)
    const named = [
      ...new Set(ids.map((id) => scopeOfResource(entitlementParts(holdingParts(id).entitlement).resource))),
    ]
    const resources = await facts.readResources(connectionId, named)
    const known = named.filter((scope, index) => isListScope(scope) || resources[index] !== null)
    const scopes: ScopeId[] = known.length === 0 ? ['workspace/members'] : known
    const wanted = { kind: 'targeted' as const, scopes }
    const asked = { by, action: 'removals.verified' as const }
    const request = this.newRequest(stored.connection, 'verification', wanted, asked, ids)
    return (await this.#ask(stored, request, wanted)).sync
  }

  /** A request for a sync of a connection, which is there already or is about to be saved with it. */
  newRequest(
    connection: Connection,
    trigger: SyncTrigger,
    { kind, scopes }: Pick<SyncRequestBody, 'kind' | 'scopes'>,
    asked: { readonly by: RequestedBy; readonly action: 'sync.requested' | 'removals.verified' } | null,
    verify?: VerificationRequest['ids'],
  ): SyncRequest {
    const { clock, newId, audit } = this.#options
    const id: SyncId = `syn_${newId()}`
    const requestedAt = toInstant(clock.now())
    const wanted = { id, kind, trigger, scopes: scopes ?? null, requestedAt, ...(verify && { verify }) }
    const request = newSyncRequest(connection, wanted)
    if (asked === null) return request
    const record = audit(asked.by, {
      tenantId: connection.tenantId,
      action: asked.action,
      target: { kind: 'sync', id },
      connectionId: connection.id,
      after: { kind, trigger },
    })
    return { ...request, events: [...request.events, record] }
  }

  async #ask(
    stored: StoredConnection,
    request: SyncRequest,
    wanted: Pick<SyncRequestBody, 'kind' | 'scopes'>,
  ): Promise<Requested> {
    const { id: connectionId, tenantId } = stored.connection
    const result = await this.#options.connections.requestSync(connectionId, request)
    if (result.state === 'missing') throw noSuchConnection(connectionId)
    if (result.state === 'paused') throw isPaused(connectionId)
    if (result.state === 'requested') await this.#estimate(stored, result.syncId, wanted)
    await this.enqueue({ tenantId, connectionId, syncId: result.syncId })
    return { sync: await this.read(tenantId, connectionId, result.syncId), joined: result.state === 'joined' }
  }

  /** Cancels a sync: at once when nobody has begun it, else before its next scope. A finished one stays as it is. */
  async cancel(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<SyncView> {
    const { find, syncs, clock, audit, audits } = this.#options
    const { connection } = await find(tenantId, connectionId)
    const sync = await this.read(tenantId, connectionId, syncId)
    if (isFinished(sync.state)) return sync
    const finishedAt = toInstant(clock.now())
    const { kind, trigger, state } = sync
    const record = audit(by, {
      ...{ tenantId, connectionId, action: 'sync.cancelled', target: { kind: 'sync', id: syncId } },
      before: { kind, trigger, state },
    })
    const done = await syncs.advance({
      tenantId,
      connectionId,
      syncId,
      token: null,
      from: 'requested',
      to: 'cancelled',
      fields: { finishedAt, estimate: 'null' },
      events: kind === 'preview' ? [record] : [record, syncCancelled(connection, sync, finishedAt)],
    })
    if (!done) {
      await syncs.askToCancel(connectionId, syncId)
      await audits.append([record])
    }
    return this.read(tenantId, connectionId, syncId)
  }

  /** @throws InputError 404 when the tenant has no such connection or the connection no such sync. */
  async read(tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<SyncView> {
    await this.#options.find(tenantId, connectionId)
    const sync = await this.#options.syncs.read(connectionId, syncId)
    if (sync !== null) return this.#view(sync)
    throw new InputError('no-such-sync', `There is no sync ${syncId} of this connection`, {
      remedy: 'Use an id that POST .../syncs or GET .../syncs answered.',
    })
  }

  /** The last syncs, newest first. */
  async list(tenantId: TenantId, connectionId: ConnectionId, page: { before: SyncId | null; limit: number }) {
    await this.#options.find(tenantId, connectionId)
    const { syncs, isLast } = await this.#options.syncs.list(connectionId, page)
    return { syncs: await Promise.all(syncs.map((sync) => this.#view(sync))), isLast }
  }

  /** Only of one that waits for its turn the others have to be known. */
  async #view(sync: Sync): Promise<SyncView> {
    if (sync.state !== 'requested') return { ...sync, ahead: null }
    return { ...sync, ahead: countAhead(await this.#options.syncs.readOpenOf(sync.connectionId), sync.id) }
  }

  /** @throws InputError 404 when the sync is not finished, or ended without evidence. */
  async readEvidence(tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<SignedEvidence> {
    const { state } = await this.read(tenantId, connectionId, syncId)
    const evidence = await this.#options.syncs.readEvidence(connectionId, syncId)
    if (evidence !== null) return evidence
    throw new InputError('no-evidence', `There is no evidence of sync ${syncId}, which is ${state}`, {
      remedy: isFinished(state)
        ? 'It was cancelled before it began, or met a defect: it says nothing. Ask for another sync.'
        : 'Evidence is made when the sync ends; ask again then.',
    })
  }

  /** The sync is recorded already: when the queue does not take it now, the workers find it by themselves. */
  async enqueue(job: SyncRequested): Promise<void> {
    const { log, enqueue } = this.#options
    await enqueue(job).catch((err: unknown) =>
      log.warn({ event: 'sync.not-enqueued', err, ...job }, 'a worker will find it'),
    )
  }

  /** Says what the sync will take, as far as the size of the workspace is known. */
  async #estimate(
    { connection, size, cadences, schedule }: StoredConnection,
    syncId: SyncId,
    { kind, scopes = [] }: Pick<SyncRequestBody, 'kind' | 'scopes'>,
  ): Promise<void> {
    const { syncs, budgetOf, clock } = this.#options
    const ofIncremental = cadences && requestsOfIncremental(cadences, schedule)
    const ofWhole = kind === 'incremental' ? ofIncremental : requestsOfFullSync(size)
    const requests = kind === 'targeted' ? 1 + 2 * scopes.length : ofWhole
    if (requests === null) return
    const room = await readRoomOf(connection, budgetOf)
    await syncs.saveEstimate(connection.id, syncId, toEstimate(requests, 0, room, clock.now()))
  }
}

function isPaused(connectionId: ConnectionId): InputError {
  return new InputError('connection-paused', `The connection ${connectionId} is paused`, {
    remedy: 'Resume it by POST .../resume, then ask again.',
  })
}
