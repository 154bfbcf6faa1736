import type { BitbucketWorkspace } from '@clarity/bitbucket'
import type { Connection, ConnectionView, NewConnection } from '@clarity/shared/contract/connections'
import type { ConnectionId, SyncId, TenantId } from '@clarity/shared/contract/ids'
import type { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import type { Sync, SyncRequested, SyncTrigger } from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import { Secret } from '@clarity/shared/runtime/secret'
import type { ConnectionStore, SyncRequest } from '@clarity/shared/store/connections'
import type { SyncRecord, SyncStore } from '@clarity/shared/store/syncs'
import type { Vault } from '@clarity/shared/store/vault'
import { connectionCreated, syncRequested } from './events.ts'

/** What the routes ask for; it knows nothing of HTTP. */
export interface ConnectionServiceOptions {
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
  /** Asks Bitbucket whether the credential works and sees the workspace; rejects with an UpstreamError that says why not. */
  readonly checkAccess: (input: NewConnection) => Promise<BitbucketWorkspace>
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
    const workspace = await this.#options.checkAccess(input)
    const id = await connections.reserve(tenantId, input.uniqueIdentifier, `con_${newId()}`)
    if (id === null) throw identifierTaken(input.uniqueIdentifier)
    const { name, uniqueIdentifier, credential } = input
    const connection: Connection = {
      id,
      tenantId,
      name,
      uniqueIdentifier,
      provider: 'bitbucket-cloud',
      workspace,
      credential: { kind: credential.kind, key: credential.key },
      createdAt: toInstant(clock.now()),
    }
    const request = this.#request(connection, 'saved')
    request.events.unshift(connectionCreated(connection))
    const created = await connections.create(connection, vault.seal(id, new Secret(credential.secret)), request)
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
    const { connection, latestSyncId } = await this.#find(tenantId, connectionId)
    const latest = latestSyncId && (await this.#options.syncs.read(connectionId, latestSyncId))
    return { ...connection, latestSync: latest && { id: latest.id, state: latest.state } }
  }

  /** Asks for a full sync, or joins the one that is not finished. */
  async requestSync(tenantId: TenantId, connectionId: ConnectionId): Promise<{ sync: Sync; joined: boolean }> {
    const { connection } = await this.#find(tenantId, connectionId)
    const result = await this.#options.connections.requestSync(connectionId, this.#request(connection, 'api'))
    if (result.state === 'missing') throw noSuchConnection(connectionId)
    await this.#enqueue({ tenantId, connectionId, syncId: result.syncId })
    return { sync: await this.readSync(tenantId, connectionId, result.syncId), joined: result.state === 'joined' }
  }

  /** @throws InputError 404 when the tenant has no such connection or the connection no such sync. */
  async readSync(tenantId: TenantId, connectionId: ConnectionId, syncId: SyncId): Promise<Sync> {
    await this.#find(tenantId, connectionId)
    const sync = await this.#options.syncs.read(connectionId, syncId)
    if (sync !== null) return sync
    throw new InputError('no-such-sync', 404, `There is no sync ${syncId} of this connection`, {
      remedy: 'Use an id that POST .../syncs answered.',
    })
  }

  /** Another tenant's connection is as if it did not exist. */
  async #find(tenantId: TenantId, connectionId: ConnectionId) {
    const stored = await this.#options.connections.read(connectionId)
    if (stored === null || stored.connection.tenantId !== tenantId) throw noSuchConnection(connectionId)
    return stored
  }

  #request(connection: Connection, trigger: SyncTrigger): SyncRequest & { events: SyncRequest['events'][number][] } {
    const { clock, newId } = this.#options
    const { id: connectionId, tenantId } = connection
    const requestedAt = toInstant(clock.now())
    const record: SyncRecord = { id: `syn_${newId()}`, connectionId, kind: 'full', trigger, requestedAt }
    return { tenantId, record, events: [syncRequested(connection, record)] }
  }

  /** The sync is recorded already: when the queue does not take it now, the workers find it by themselves. */
  async #enqueue(job: SyncRequested): Promise<void> {
    const { log, enqueue } = this.#options
    await enqueue(job).catch((err: unknown) =>
      log.warn({ event: 'sync.not-enqueued', err, ...job }, 'a worker will find it'),
    )
  }
}

function identifierTaken(uniqueIdentifier: string): InputError {
  const message = `The unique identifier ${uniqueIdentifier} is used by another connection of yours`
  const remedy = 'Choose another uniqueIdentifier; they are never used twice, so that old records stay clear.'
  return new InputError('identifier-taken', 409, message, {
    remedy,
    mistakes: [{ field: 'uniqueIdentifier', message, remedy }],
  })
}

function noSuchConnection(connectionId: string): InputError {
  return new InputError('no-such-connection', 404, `There is no connection ${connectionId}`, {
    remedy: 'Use an id that POST /v1/connections answered to your tenant.',
  })
}
