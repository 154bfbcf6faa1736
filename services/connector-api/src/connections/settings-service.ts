import type { Resource } from '@clarity/shared/contract/entities'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import type { SettingsChange } from '@clarity/shared/contract/settings'
import type { SettingEffect, SettingsView } from '@clarity/shared/contract/settings-view'
import { InputError } from '@clarity/shared/runtime/errors'
import type { StoredConnection } from '@clarity/shared/store/connections'
import type { FactStore } from '@clarity/shared/store/facts'
import type { ListingStore } from '@clarity/shared/store/listings'
import type { RequestedBy } from '../audit.ts'
import { applyChange, type ConnectionChanges } from './connection-changes.ts'
import type { FindConnection } from './find-connection.ts'
import { effectsOf } from './settings-effects.ts'
import { toSettingsView } from './settings-view.ts'

export interface SettingsServiceOptions {
  readonly find: FindConnection
  readonly changes: Pick<ConnectionChanges, 'changeSettings'>
  readonly facts: Pick<FactStore, 'readTotals'>
  readonly listings: Pick<ListingStore, 'readKnown'>
}

export interface VersionedSettings {
  readonly settings: SettingsView
  readonly version: string
}

/** How a connection is set up, and what a change of that does. */
export class SettingsService {
  readonly #options: SettingsServiceOptions

  constructor(options: SettingsServiceOptions) {
    this.#options = options
  }

  async read(tenantId: TenantId, connectionId: ConnectionId): Promise<VersionedSettings> {
    const stored = await this.#options.find(tenantId, connectionId)
    return { settings: toSettingsView(stored), version: stored.version }
  }

  /** What a change would do to what is published; nothing is changed. */
  async foresee(tenantId: TenantId, connectionId: ConnectionId, change: SettingsChange): Promise<SettingEffect[]> {
    return this.#effects(await this.#options.find(tenantId, connectionId), change)
  }

  /**
   * Changes the settings as they were in `version`, and says what that does.
   * @throws InputError 409 for a name that another one has, 412 when they are no longer as they were
   */
  async change(
    by: RequestedBy,
    tenantId: TenantId,
    connectionId: ConnectionId,
    change: SettingsChange,
    version: string,
  ): Promise<VersionedSettings & { readonly effects: SettingEffect[] }> {
    const { find, changes } = this.#options
    const stored = await find(tenantId, connectionId)
    if (stored.version !== version) throw settingsChanged()
    const effects = await this.#effects(stored, change)
    await changes.changeSettings(by, tenantId, connectionId, change, version)
    return { ...(await this.read(tenantId, connectionId)), effects }
  }

  async #effects(stored: StoredConnection, change: SettingsChange): Promise<SettingEffect[]> {
    const { facts } = this.#options
    const { id } = stored.connection
    const isOfResources = change.include !== undefined || change.publishLevels !== undefined
    const resources = isOfResources ? await this.#resources(id) : []
    return effectsOf(stored, applyChange(stored, change), { resources, totals: await facts.readTotals(id) })
  }

  async #resources(connectionId: ConnectionId): Promise<Resource[]> {
    // A row may come twice.
    const found = new Map<string, Resource>()
    for (const kind of ['project', 'repository'] as const) {
      for (let cursor: string | null = '0'; cursor !== null; ) {
        const { rows, next } = await this.#options.listings.readKnown(connectionId, kind, cursor)
        for (const [scopeId, resource] of rows) found.set(scopeId, resource)
        cursor = next
      }
    }
    return [...found.values()]
  }
}

function settingsChanged(): InputError {
  return new InputError('settings-changed', 'The settings are no longer as they were when you read them', {
    remedy: 'Read them again, and send your change with the ETag of that answer.',
  })
}
