import type { AuditAction } from '@clarity/shared/contract/audit'
import type { Difference } from '@clarity/shared/contract/auditable'
import type { Connection, NewCredentials } from '@clarity/shared/contract/connections'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import type { Schedule } from '@clarity/shared/contract/schedule'
import type { SettingsChange } from '@clarity/shared/contract/settings'
import type { ConnectionRemoved, SyncScheduled } from '@clarity/shared/contract/syncs'
import type { StreamVerification } from '@clarity/shared/contract/verification'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import { currentTrace } from '@clarity/shared/runtime/trace'
import type { ConnectionChange, ConnectionStore, StoredConnection } from '@clarity/shared/store/connections'
import { sealCredentials, toCredentialRef } from '@clarity/shared/store/credentials'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Vault } from '@clarity/shared/store/vault'
import type { Audit, RequestedBy } from '../audit.ts'
import { connectionPaused, connectionResumed, connectionUpdated, streamVerification } from '../events.ts'
import { type CheckAccess, checkCredentials, otherWorkspace } from './check-credentials.ts'
import { type FindConnection, noSuchConnection } from './find-connection.ts'
import { nameTaken } from './taken.ts'

export interface ConnectionChangesOptions {
  readonly find: FindConnection
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly vault: Vault
  readonly audit: Audit
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
  readonly checkAccess: CheckAccess
  readonly applySchedule: (connection: SyncScheduled, schedule: Schedule) => Promise<void>
  readonly enqueueRemoval: (job: ConnectionRemoved) => Promise<void>
}

/** What a caller changes of a connection that is there; each change is told, and recorded, in the step that makes it. */
export class ConnectionChanges {
  readonly #options: ConnectionChangesOptions

  constructor(options: ConnectionChangesOptions) {
    this.#options = options
  }

  /**
   * Changes how a connection is set up. With `expectedVersion` only while it is set as the caller has seen it.
   * @throws InputError 409 for a name that another one has, 412 when somebody was faster
   */
  async changeSettings(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    change: SettingsChange,
    expectedVersion?: string,
  ): Promise<void> {
    const { find, connections } = this.#options
    const from = await find(tenantId, connectionId)
    const to = applyChange(from, change)
    const { name } = to.connection
    const holder = await connections.claimName(tenantId, name, connectionId)
    if (holder !== connectionId) throw nameTaken(name, holder)
    await this.#update(by, from, to, expectedVersion)
    if (name.toLowerCase() !== from.connection.name.toLowerCase()) {
      await connections.freeName(tenantId, from.connection.name, connectionId)
    }
    if (change.schedule) await this.#applySchedule(from.connection, change.schedule)
  }

  /** Says when the connection syncs by itself. */
  async setSchedule(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    schedule: Schedule,
  ): Promise<Schedule> {
    await this.changeSettings(by, tenantId, connectionId, { schedule })
    return schedule
  }

  /** Nothing is read any more until it is resumed; what runs ends with its slice. Once is as good as twice. */
  async pause(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
    const { connection } = await this.#options.find(tenantId, connectionId)
    const since = this.#now()
    const record = this.#record(by, connection, 'connection.paused', {
      before: { paused: false },
      after: { paused: true },
    })
    await this.#change(connection, { paused: { since }, events: [record, connectionPaused(connection, since)] })
  }

  /** It reads again: by its schedule, and when it is asked to. */
  async resume(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
    const { connection, paused } = await this.#options.find(tenantId, connectionId)
    if (paused === null) return
    const record = this.#record(by, connection, 'connection.resumed', {
      before: { paused: true },
      after: { paused: false },
    })
    const event = connectionResumed(connection, paused.since, this.#now())
    await this.#change(connection, { paused: null, events: [record, event] })
  }

  /**
   * Puts other credentials in the place of all present ones, once Bitbucket has accepted them.
   * @throws InputError 422 when one does not do or sees another workspace; then the present ones stay
   */
  async replaceCredentials(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    given: NewCredentials,
  ): Promise<void> {
    const { find, vault, checkAccess, log } = this.#options
    const { connection } = await find(tenantId, connectionId)
    const workspace = await checkCredentials(checkAccess, { workspace: connection.workspace.uuid }, given)
    if (workspace.uuid !== connection.workspace.uuid) throw otherWorkspace('credential')
    const { credential, moreCredentials = [] } = given
    const { moreCredentials: _, ...rest } = connection
    const changed = {
      ...rest,
      credential: toCredentialRef(credential),
      ...(moreCredentials.length > 0 && { moreCredentials: moreCredentials.map(toCredentialRef) }),
    }
    const sealedCredential = sealCredentials(vault, connectionId, [credential, ...moreCredentials])
    const record = this.#record(by, connection, 'credentials.replaced', {
      before: credentialsOf(connection),
      after: credentialsOf(changed),
    })
    await this.#change(connection, { connection: changed, sealedCredential, events: [record] })
    log.info({ event: 'credentials.replaced', tenantId, connectionId }, 'credentials replaced')
  }

  /** Puts an event with the caller's text into the stream: what was told before it is before it. */
  async verifyStream(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    text: string,
  ): Promise<StreamVerification> {
    const { find, newId } = this.#options
    const { connection } = await find(tenantId, connectionId)
    const [id, toldAt] = [`ver_${newId()}`, this.#now()]
    const record = this.#record(by, connection, 'stream.verified', {})
    const events = [record, streamVerification(connection, { id, text }, toldAt)]
    const sequence = await this.#change(connection, { events }, id)
    return { id, sequence: Number(sequence), text, toldAt }
  }

  /**
   * Decides that a connection is to be removed: its credential is gone at once, and nothing more is read. The workers tell the
   * end of all that it told, then its own, and remove whatever is kept of it.
   */
  async remove(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
    const { find, syncs, enqueueRemoval, log } = this.#options
    const { connection } = await find(tenantId, connectionId)
    const { name, uniqueIdentifier, workspace } = connection
    const before = { name, uniqueIdentifier, workspace }
    const record = this.#record(by, connection, 'connection.removed', { before })
    await this.#change(connection, { remove: true, events: [record] })
    for (const { id } of await syncs.readOpenOf(connectionId)) await syncs.askToCancel(connectionId, id)
    const traceparent = currentTrace()
    await enqueueRemoval({ connectionId, ...(traceparent && { traceparent }) }).catch((err: unknown) =>
      log.warn({ event: 'removal.not-enqueued', err, tenantId, connectionId }, 'a worker will find it'),
    )
    log.info({ event: 'connection.removing', tenantId, connectionId }, 'connection is being removed')
  }

  async #update(
    by: RequestedBy,
    from: StoredConnection,
    to: Pick<StoredConnection, 'connection' | 'schedule'>,
    expectedVersion: string | undefined,
  ): Promise<void> {
    const event = connectionUpdated(from, to, this.#now())
    const isChanged = Object.keys(event.data.changed).length > 0
    const record = this.#record(by, from.connection, 'connection.updated', {
      before: { ...from.connection, schedule: from.schedule },
      after: { ...to.connection, schedule: to.schedule },
    })
    await this.#change(from.connection, {
      ...to,
      ...(expectedVersion !== undefined && { expectedVersion }),
      events: isChanged ? [record, event] : [],
    })
  }

  /** It is saved already: when the queue does not take it now, a worker will see to it. */
  async #applySchedule({ tenantId, id: connectionId }: Connection, schedule: Schedule): Promise<void> {
    const { applySchedule, log } = this.#options
    await applySchedule({ tenantId, connectionId }, schedule).catch((err: unknown) =>
      log.warn({ event: 'schedule.not-applied', err, tenantId, connectionId }, 'a worker will see to it'),
    )
  }

  #record(by: RequestedBy, { tenantId, id }: Connection, action: AuditAction, difference: Difference<'connection'>) {
    const target = { kind: 'connection' as const, id }
    return this.#options.audit(by, { tenantId, connectionId: id, action, target, ...difference })
  }

  async #change(
    { id, tenantId }: Connection,
    change: Omit<ConnectionChange, 'tenantId' | 'requestId'>,
    requestId = `req_${this.#options.newId()}`,
  ): Promise<bigint> {
    const sequence = await this.#options.connections.change(id, { tenantId, requestId, ...change })
    if (sequence === null) throw noSuchConnection(id)
    return sequence
  }

  #now(): string {
    return toInstant(this.#options.clock.now())
  }
}

/** A connection as it would be after a change of its settings. */
export function applyChange(
  { connection, schedule }: Pick<StoredConnection, 'connection' | 'schedule'>,
  { schedule: otherSchedule, ...change }: SettingsChange,
): { readonly connection: Connection; readonly schedule: Schedule } {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  return { connection: { ...connection, ...given }, schedule: otherSchedule ?? schedule }
}

function credentialsOf({ credential, moreCredentials = [] }: Connection) {
  return { credential, moreCredentials }
}
