import type { NewCredentials } from '@clarity/shared/contract/connections'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import type { Schedule } from '@clarity/shared/contract/schedule'
import type { ConnectionRemoved, SyncScheduled } from '@clarity/shared/contract/syncs'
import type { StreamVerification } from '@clarity/shared/contract/verification'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import { currentTrace } from '@clarity/shared/runtime/trace'
import type { ConnectionChange, ConnectionStore } from '@clarity/shared/store/connections'
import { sealCredentials, toCredentialRef } from '@clarity/shared/store/credentials'
import type { SyncStore } from '@clarity/shared/store/syncs'
import type { Vault } from '@clarity/shared/store/vault'
import { type CheckAccess, checkCredentials, otherWorkspace } from './check-credentials.ts'
import { connectionUpdated, streamVerification } from './events.ts'
import { type ConnectionService, noSuchConnection } from './service.ts'

export interface ConnectionChangesOptions {
  readonly service: Pick<ConnectionService, 'find'>
  readonly connections: ConnectionStore
  readonly syncs: SyncStore
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
  readonly checkAccess: CheckAccess
  readonly applySchedule: (connection: SyncScheduled, schedule: Schedule) => Promise<void>
  readonly enqueueRemoval: (job: ConnectionRemoved) => Promise<void>
}

/** What a caller changes of a connection that is there; each change is told as it is made. */
export class ConnectionChanges {
  readonly #options: ConnectionChangesOptions

  constructor(options: ConnectionChangesOptions) {
    this.#options = options
  }

  /** Says when the connection syncs by itself. @throws InputError 422 when the pattern is none */
  async setSchedule(tenantId: TenantId, connectionId: ConnectionId, schedule: Schedule): Promise<Schedule> {
    const { service, applySchedule, log } = this.#options
    const from = await service.find(tenantId, connectionId)
    const event = connectionUpdated(from, { ...from, schedule }, this.#now())
    const events = Object.keys(event.data.changed).length > 0 ? [event] : []
    await this.#change(tenantId, connectionId, { schedule, events })
    // It is saved already: when the queue does not take it now, a worker will see to it.
    await applySchedule({ tenantId, connectionId }, schedule).catch((err: unknown) =>
      log.warn({ event: 'schedule.not-applied', err, tenantId, connectionId }, 'a worker will see to it'),
    )
    return schedule
  }

  /**
   * Puts other credentials in the place of all present ones, once Bitbucket has accepted them.
   * @throws InputError 422 when one does not do or sees another workspace; then the present ones stay
   */
  async replaceCredentials(tenantId: TenantId, connectionId: ConnectionId, given: NewCredentials): Promise<void> {
    const { service, vault, checkAccess, log } = this.#options
    const { connection } = await service.find(tenantId, connectionId)
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
    await this.#change(tenantId, connectionId, { connection: changed, sealedCredential, events: [] })
    log.info({ event: 'credentials.replaced', tenantId, connectionId }, 'credentials replaced')
  }

  /** Puts an event with the caller's text into the stream: what was told before it is before it. */
  async verifyStream(tenantId: TenantId, connectionId: ConnectionId, text: string): Promise<StreamVerification> {
    const { service, newId } = this.#options
    const { connection } = await service.find(tenantId, connectionId)
    const [id, toldAt] = [`ver_${newId()}`, this.#now()]
    const events = [streamVerification(connection, { id, text }, toldAt)]
    const sequence = await this.#change(tenantId, connectionId, { events }, id)
    return { id, sequence: Number(sequence), text, toldAt }
  }

  /**
   * Decides that a connection is to be removed: its credential is gone at once, and nothing more is read. The workers tell the
   * end of all that it told, then its own, and remove whatever is kept of it.
   */
  async remove(tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
    const { service, syncs, enqueueRemoval, log } = this.#options
    await service.find(tenantId, connectionId)
    await this.#change(tenantId, connectionId, { remove: true, events: [] })
    for (const { id } of await syncs.readOpenOf(connectionId)) await syncs.askToCancel(connectionId, id)
    const traceparent = currentTrace()
    await enqueueRemoval({ connectionId, ...(traceparent && { traceparent }) }).catch((err: unknown) =>
      log.warn({ event: 'removal.not-enqueued', err, tenantId, connectionId }, 'a worker will find it'),
    )
    log.info({ event: 'connection.removing', tenantId, connectionId }, 'connection is being removed')
  }

  async #change(
    tenantId: TenantId,
    connectionId: ConnectionId,
    change: Omit<ConnectionChange, 'tenantId' | 'requestId'>,
    requestId = `req_${this.#options.newId()}`,
  ): Promise<bigint> {
    const sequence = await this.#options.connections.change(connectionId, { tenantId, requestId, ...change })
    if (sequence === null) throw noSuchConnection(connectionId)
    return sequence
  }

  #now(): string {
    return toInstant(this.#options.clock.now())
  }
}
