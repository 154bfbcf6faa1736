import type { ConnectionBudget } from '@clarity/shared/contract/budget'
import type { Connection, ConnectionView, NewConnection } from '@clarity/shared/contract/connections'
import type { FreshnessView } from '@clarity/shared/contract/freshness'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import type { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import { manualSchedule } from '@clarity/shared/contract/schedule'
import type { NotReadScopes } from '@clarity/shared/contract/scopes'
import { settingsOf } from '@clarity/shared/contract/settings'
import type { SyncView } from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import type { InputError } from '@clarity/shared/runtime/errors'
import type { ConnectionStore } from '@clarity/shared/store/connections'
import { sealCredentials, toCredentialRef } from '@clarity/shared/store/credentials'
import type { FactStore } from '@clarity/shared/store/facts'
import type { ListingStore } from '@clarity/shared/store/listings'
import { readNotRead } from '@clarity/shared/store/not-read'
import { readFreshness } from '@clarity/shared/store/read-freshness'
import type { Vault } from '@clarity/shared/store/vault'
import type { Audit, RequestedBy } from '../audit.ts'
import { connectionCreated } from '../events.ts'
import type { SyncService } from '../syncs/sync-service.ts'
import { type CheckAccess, checkCredentials } from './check-credentials.ts'
import { checkNames } from './check-names.ts'
import { type ConnectionBudgetOptions, readConnectionBudget } from './connection-budget.ts'
import { type ConnectionViewOptions, viewConnection } from './connection-view.ts'
import type { FindConnection } from './find-connection.ts'
import { identifierTaken, nameTaken, workspaceTaken } from './taken.ts'

export interface ConnectionServiceOptions extends ConnectionBudgetOptions, ConnectionViewOptions {
  readonly find: FindConnection
  readonly connections: ConnectionStore
  readonly syncService: Pick<SyncService, 'newRequest' | 'enqueue' | 'read'>
  readonly facts: FactStore
  readonly listings: ListingStore
  readonly vault: Vault
  readonly audit: Audit
  readonly clock: Clock
  /** A new random part of an id. */
  readonly newId: () => string
  readonly checkAccess: CheckAccess
  /** Tries all that a full sync would read; what Bitbucket refuses is in the answer. */
  readonly runPreflight: (input: PreflightRequest) => Promise<Preflight>
}

/** Connects workspaces, and shows what is connected. It knows nothing of HTTP. */
export class ConnectionService {
  readonly #options: ConnectionServiceOptions

  constructor(options: ConnectionServiceOptions) {
    this.#options = options
  }

  /** Saves a connection and starts its first full sync; when Bitbucket refuses, nothing is saved. */
  async create(
    by: RequestedBy,
    tenantId: TenantId,
    input: NewConnection,
  ): Promise<{ connection: Connection; sync: SyncView }> {
    const { connections, syncService, vault } = this.#options
    const workspace = await checkCredentials(this.#options.checkAccess, input, input)
    const id = await this.#reserve(tenantId, input, workspace.uuid)
    const { credential, moreCredentials = [], schedule = manualSchedule, ...settings } = input
    const connection: Connection = {
      ...settings,
      id,
      tenantId,
      provider: 'bitbucket-cloud',
      workspace,
      credential: toCredentialRef(credential),
      ...(moreCredentials.length > 0 && { moreCredentials: moreCredentials.map(toCredentialRef) }),
      createdAt: toInstant(this.#options.clock.now()),
    }
    const request = syncService.newRequest(connection, 'saved', { kind: 'full' }, null)
    const record = this.#options.audit(by, {
      ...{ tenantId, connectionId: id, action: 'connection.created', target: { kind: 'connection', id } },
      after: { ...connection, schedule },
    })
    const events = [record, connectionCreated(connection), ...request.events]
    const sealed = sealCredentials(vault, id, [credential, ...moreCredentials])
    const created = await connections.create(connection, sealed, { ...request, events })
    if (!created) throw identifierTaken(input.uniqueIdentifier, { connectionId: null, removedAt: null })
    await syncService.enqueue({ tenantId, connectionId: id, syncId: request.record.id })
    return { connection, sync: await syncService.read(tenantId, id, request.record.id) }
  }

  async #reserve(tenantId: TenantId, input: NewConnection, workspaceUuid: string): Promise<ConnectionId> {
    const { connections, newId } = this.#options
    const { uniqueIdentifier, name } = input
    const wanted = { uniqueIdentifier, workspaceUuid, name }
    const reservation = await connections.reserve(tenantId, wanted, `con_${newId()}`)
    switch (reservation.state) {
      case 'reserved':
        return reservation.connectionId
      case 'identifier-taken':
        throw identifierTaken(uniqueIdentifier, reservation)
      case 'name-taken':
        throw nameTaken(name, reservation.connectionId)
      case 'workspace-taken':
        throw await this.#workspaceTaken(reservation.connectionId)
    }
  }

  /** Tells what would stand in the way of a connection of the tenant and what its syncs cost; it saves nothing. */
  async validate(tenantId: TenantId, input: PreflightRequest): Promise<Preflight> {
    const preflight = await this.#options.runPreflight(input)
    const { workspace } = preflight
    const uuid = workspace.state === 'found' ? workspace.uuid : null
    const problems = [...(await checkNames(this.#options.connections, tenantId, input, uuid)), ...preflight.problems]
    return { ...preflight, ready: problems.length === 0, problems }
  }

  /** @throws InputError 404 when the tenant has no such connection. */
  async read(tenantId: TenantId, connectionId: ConnectionId): Promise<ConnectionView> {
    return viewConnection(this.#options, await this.#options.find(tenantId, connectionId))
  }

  /** The connections of a tenant by their unique identifiers; `next` is where the page after begins, null after the last one. */
  async list(tenantId: TenantId, page: { readonly after: string | null; readonly limit: number }) {
    const { connections, isLast } = await this.#options.connections.list(tenantId, page)
    const items = await Promise.all(connections.map((stored) => viewConnection(this.#options, stored)))
    return { items, next: isLast ? null : (items.at(-1)?.uniqueIdentifier ?? null) }
  }

  /** What is left of the hour of each of its credentials. */
  async readBudget(tenantId: TenantId, connectionId: ConnectionId): Promise<ConnectionBudget> {
    return readConnectionBudget(this.#options, (await this.#options.find(tenantId, connectionId)).connection)
  }

  /** What the last tries could not read, and why. */
  async readNotRead(tenantId: TenantId, connectionId: ConnectionId): Promise<NotReadScopes> {
    await this.#options.find(tenantId, connectionId)
    return readNotRead(this.#options.facts, connectionId)
  }

  /** How old what is known of the connection is, and how often incremental syncs read what. */
  async readFreshness(tenantId: TenantId, connectionId: ConnectionId): Promise<FreshnessView> {
    const { find, facts, listings, clock } = this.#options
    const { cadences, connection } = await find(tenantId, connectionId)
    const { include } = settingsOf(connection)
    return { freshness: await readFreshness({ facts, listings }, connectionId, clock.now(), include), cadences }
  }

  async #workspaceTaken(connectionId: ConnectionId): Promise<InputError> {
    const first = await this.#options.connections.read(connectionId)
    return workspaceTaken(first?.connection.uniqueIdentifier ?? connectionId, connectionId)
  }
}
