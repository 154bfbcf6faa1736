import { requestsOfFullSync } from '@clarity/bitbucket'
import type { Connection, ConnectionView, CredentialRef, NewConnection } from '@clarity/shared/contract/connections'
import type { SignedEvidence } from '@clarity/shared/contract/evidence'
import type { FreshnessView } from '@clarity/shared/contract/freshness'
import {
  type ConnectionId,
  entitlementParts,
  holdingParts,
  type ScopeId,
  type SyncId,
  scopeOfResource,
  type TenantId,
} from '@clarity/shared/contract/ids'
import type { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { NotReadScopes } from '@clarity/shared/contract/scopes'
import {
  isFinished,
  type Sync,
  type SyncRequestBody,
  type SyncRequested,
  type SyncTrigger,
  type VerificationRequest,
} from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Budget } from '@clarity/shared/store/budget'
import type { ConnectionStore, StoredConnection, SyncRequest } from '@clarity/shared/store/connections'
import { readRoomOf, sealCredentials, toCredentialRef } from '@clarity/shared/store/credentials'
import { requestsOfIncremental, toEstimate } from '@clarity/shared/store/estimate'
import type { FactStore } from '@clarity/shared/store/facts'
import type { ListingStore } from '@clarity/shared/store/listings'
import { readNotRead } from '@clarity/shared/store/not-read'
import { readFreshness } from '@clarity/shared/store/read-freshness'
import { newSyncRequest } from '@clarity/shared/store/sync-requests'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Vault } from '@clarity/shared/store/vault'
import { type CheckAccess, checkCredentials } from './check-credentials.ts'
import { connectionCreated, syncCancelled } from './events.ts'

/** What the routes ask for; it knows nothing of HTTP. */
export interface ConnectionServiceOptions {
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly facts: FactStore
  readonly listings: ListingStore
  readonly budgetOf: (credential: CredentialRef) => Budget
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
  readonly checkAccess: CheckAccess
  /** Tries all that a full sync would read; what Bitbucket refuses is in the answer. */
  readonly runPreflight: (input: PreflightRequest) => Promise<Preflight>
  readonly enqueue: (job: SyncRequested) => Promise<void>
}

export class ConnectionService {
  readonly #options: ConnectionServiceOptions

  constructor(options: ConnectionServiceOptions) {
    this.#options = options
  }

  /** Saves a connection and starts its first full sync; when Bitbucket refuses, nothing is saved. */
  async create(tenantId: TenantId, input: NewConnection): Promise<{ connection: Connection; sync: Sync }> {
    const { connections, vault, clock, newId } = this.#options
    const workspace = await checkCredentials(this.#options.checkAccess, input, input)
    const { name, uniqueIdentifier, credential, moreCredentials = [], removalLimit } = input
    const wanted = { uniqueIdentifier, workspaceUuid: workspace.uuid }
    const reservation = await connections.reserve(tenantId, wanted, `con_${newId()}`)
    if (reservation.state === 'identifier-taken') throw identifierTaken(uniqueIdentifier)
    if (reservation.state === 'workspace-taken') throw await this.#workspaceTaken(reservation.connectionId)
    const id = reservation.connectionId
    const connection: Connection = {
      id,
      tenantId,
      name,
      uniqueIdentifier,
      provider: 'bitbucket-cloud',
      workspace,
      credential: toCredentialRef(credential),
      ...(moreCredentials.length > 0 && { moreCredentials: moreCredentials.map(toCredentialRef) }),
      ...(removalLimit && { removalLimit }),
      createdAt: toInstant(clock.now()),
    }
    const request = this.#request(connection, 'saved', { kind: 'full' })
    const events = [connectionCreated(connection), ...request.events]
    const sealed = sealCredentials(vault, id, [credential, ...moreCredentials])
    const created = await connections.create(connection, sealed, { ...request, events })
    if (!created) throw identifierTaken(uniqueIdentifier)
    await this.#enqueue({ tenantId, connectionId: id, syncId: request.record.id })
    return { connection, sync: await this.readSync(tenantId, id, request.record.id) }
  }

  /** Tells what would stand in the way of a connection and what its syncs cost; it saves nothing. */
  async validate(input: PreflightRequest): Promise<Preflight> {
    return this.#options.runPreflight(input)
  }

  /** @throws InputError 404 when the tenant has no such connection. */
  async read(tenantId: TenantId, connectionId: ConnectionId): Promise<ConnectionView> {
    const { connection, latestSyncId, degraded, schedule } = await this.find(tenantId, connectionId)
    const latest = latestSyncId && (await this.#options.syncs.read(connectionId, latestSyncId))
    const health = degraded === null ? { state: 'ok' as const } : { state: 'degraded' as const, ...degraded }
    return { ...connection, schedule, health, latestSync: latest && { id: latest.id, state: latest.state } }
  }

  /** Asks for a sync, or joins one that will deliver the same and is not finished. */
  async requestSync(
    tenantId: TenantId,
    connectionId: ConnectionId,
    wanted: SyncRequestBody,
  ): Promise<{ sync: Sync; joined: boolean }> {
    const stored = await this.find(tenantId, connectionId)
    await this.#checkScopes(connectionId, wanted.scopes ?? [])
    const request = this.#request(stored.connection, 'api', wanted)
    const result = await this.#options.connections.requestSync(connectionId, request)
    if (result.state === 'missing') throw noSuchConnection(connectionId)
    if (result.state === 'paused') throw isPaused(connectionId)
    if (result.state === 'requested') await this.#estimate(stored, result.syncId, wanted)
    await this.#enqueue({ tenantId, connectionId, syncId: result.syncId })
    return { sync: await this.readSync(tenantId, connectionId, result.syncId), joined: result.state === 'joined' }
  }

  /** Reads the scopes of these grants and nestings at once, and says of each whether it is gone. */
  async verify(tenantId: TenantId, connectionId: ConnectionId, ids: VerificationRequest['ids']): Promise<Sync> {
    const stored = await this.find(tenantId, connectionId)
    const named = new Set(ids.map((id) => scopeOfResource(entitlementParts(holdingParts(id).entitlement).resource)))
    const known = await this.#knownOf(connectionId, [...named])
    const scopes = known.length === 0 ? (['workspace/members'] as const) : known
    const request = this.#request(stored.connection, 'verification', { kind: 'targeted', scopes: [...scopes] }, ids)
    const result = await this.#options.connections.requestSync(connectionId, request)
    if (result.state === 'missing') throw noSuchConnection(connectionId)
    if (result.state === 'paused') throw isPaused(connectionId)
    await this.#estimate(stored, result.syncId, { kind: 'targeted', scopes: [...scopes] })
    await this.#enqueue({ tenantId, connectionId, syncId: result.syncId })
    return this.readSync(tenantId, connectionId, result.syncId)
  }

  /** What the last tries could not read, and why. */
  async readNotRead(tenantId: TenantId, connectionId: ConnectionId): Promise<NotReadScopes> {
    await this.find(tenantId, connectionId)
    return readNotRead(this.#options.facts, connectionId)
  }

  /** How old what is known of the connection is, and how often incremental syncs read what. */
  async readFreshness(tenantId: TenantId, connectionId: ConnectionId): Promise<FreshnessView> {
    const { facts, listings, clock } = this.#options
    const { cadences } = await this.find(tenantId, connectionId)
    return { freshness: await readFreshness({ facts, listings }, connectionId, clock.now()), cadences }
  }

  /** Cancels a sync: at once when nobody has begun it, else before its next scope. A finished one stays as it is. */
  async cancelSync(tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<Sync> {
    const { syncs, clock } = this.#options
    const { connection } = await this.find(tenantId, connectionId)
    const sync = await this.readSync(tenantId, connectionId, syncId)
    if (isFinished(sync.state)) return sync
    const finishedAt = toInstant(clock.now())
    const done = await syncs.advance({
      tenantId,
      connectionId,
      syncId,
      token: null,
      from: 'requested',
      to: 'cancelled',
      fields: { finishedAt, estimate: 'null' },
      events: sync.kind === 'preview' ? [] : [syncCancelled(connection, sync, finishedAt)],
    })
    if (!done) await syncs.askToCancel(connectionId, syncId)
    return this.readSync(tenantId, connectionId, syncId)
  }

  /** @throws InputError 404 when the tenant has no such connection or the connection no such sync. */
  async readSync(tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<Sync> {
    await this.find(tenantId, connectionId)
    const sync = await this.#options.syncs.read(connectionId, syncId)
    if (sync !== null) return sync
    throw new InputError('no-such-sync', 404, `There is no sync ${syncId} of this connection`, {
      remedy: 'Use an id that POST .../syncs answered.',
    })
  }

  /** @throws InputError 404 when the sync is not finished, or ended without evidence. */
  async readEvidence(tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<SignedEvidence> {
    const { state } = await this.readSync(tenantId, connectionId, syncId)
    const evidence = await this.#options.syncs.readEvidence(connectionId, syncId)
    if (evidence !== null) return evidence
    throw new InputError('no-evidence', 404, `There is no evidence of sync ${syncId}, which is ${state}`, {
      remedy: isFinished(state)
        ? 'It was cancelled before it began, or met a defect: it says nothing. Ask for another sync.'
        : 'Evidence is made when the sync ends; ask again then.',
    })
  }

  /** Another tenant's connection is as if it did not exist. @throws InputError 404 */
  async find(tenantId: TenantId, connectionId: ConnectionId) {
    const stored = await this.#options.connections.read(connectionId)
    if (stored === null || stored.isRemoving || stored.connection.tenantId !== tenantId)
      throw noSuchConnection(connectionId)
    return stored
  }

  /** A project or repository that nobody has heard of cannot be read: its list comes first. */
  async #checkScopes(connectionId: ConnectionId, scopes: readonly ScopeId[]): Promise<void> {
    const known = new Set(await this.#knownOf(connectionId, scopes))
    const mistakes = scopes.flatMap((scope, index) =>
      known.has(scope)
        ? []
        : [{ field: `scopes.${index}`, message: `${scope} is not known`, remedy: unknownScopeRemedy }],
    )
    if (mistakes.length === 0) return
    throw new InputError('unknown-scope', 422, 'The sync names scopes that are not known', {
      remedy: unknownScopeRemedy,
      mistakes,
    })
  }

  async #knownOf(connectionId: ConnectionId, scopes: readonly ScopeId[]): Promise<ScopeId[]> {
    const resources = await this.#options.facts.readResources(connectionId, scopes)
    return scopes.filter((scope, index) => isListScope(scope) || resources[index] !== null)
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

  async #workspaceTaken(connectionId: ConnectionId): Promise<InputError> {
    const first = await this.#options.connections.read(connectionId)
    const name = first?.connection.uniqueIdentifier ?? connectionId
    const message = `This workspace is connected already, as ${name} (${connectionId})`
    const remedy = 'Use that connection; one workspace is connected once.'
    return new InputError('workspace-taken', 409, message, {
      remedy,
      mistakes: [{ field: 'workspace', message, remedy }],
    })
  }

  #request(
    connection: Connection,
    trigger: SyncTrigger,
    { kind, scopes }: Pick<SyncRequestBody, 'kind' | 'scopes'>,
    verify?: VerificationRequest['ids'],
  ): SyncRequest {
    const { clock, newId } = this.#options
    return newSyncRequest(connection, {
      id: `syn_${newId()}`,
      kind,
      trigger,
      scopes: scopes ?? null,
      requestedAt: toInstant(clock.now()),
      ...(verify && { verify }),
    })
  }

  /** The sync is recorded already: when the queue does not take it now, the workers find it by themselves. */
  async #enqueue(job: SyncRequested): Promise<void> {
    const { log, enqueue } = this.#options
    await enqueue(job).catch((err: unknown) =>
      log.warn({ event: 'sync.not-enqueued', err, ...job }, 'a worker will find it'),
    )
  }
}

function isListScope(scope: ScopeId): boolean {
  return scope.startsWith('workspace/')
}

const unknownScopeRemedy =
  'Name projects and repositories that a sync has listed, or sync workspace/repositories first.'

function identifierTaken(uniqueIdentifier: string): InputError {
  const message = `The unique identifier ${uniqueIdentifier} is used by another connection of yours`
  const remedy = 'Choose another uniqueIdentifier; they are never used twice, so that old records stay clear.'
  return new InputError('identifier-taken', 409, message, {
    remedy,
    mistakes: [{ field: 'uniqueIdentifier', message, remedy }],
  })
}

function isPaused(connectionId: string): InputError {
  return new InputError('connection-paused', 409, `The connection ${connectionId} is paused`, {
    remedy: 'Resume it, then ask again.',
  })
}

export function noSuchConnection(connectionId: string): InputError {
  return new InputError('no-such-connection', 404, `There is no connection ${connectionId}`, {
    remedy: 'Use an id that POST /v1/connections answered to your tenant.',
  })
}
