import { randomBytes } from 'node:crypto'
import type { Connection } from '@clarity/shared/contract/connections'
import type { ConnectionId, ScopeId, SyncId, TenantId } from '@clarity/shared/contract/ids'
import { settingsOf } from '@clarity/shared/contract/settings'
import type { CreatedWebhook, Webhook } from '@clarity/shared/contract/webhooks'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import { parseSecret, Secret } from '@clarity/shared/runtime/secret'
import type { ConnectionStore, StoredConnection } from '@clarity/shared/store/connections'
import type { FactStore } from '@clarity/shared/store/facts'
import { isResourceIncluded } from '@clarity/shared/store/inclusion'
import type { Vault } from '@clarity/shared/store/vault'
import type { WebhookDeliveries } from '@clarity/shared/store/webhook-deliveries'
import { z } from 'zod'
import type { Audit, RequestedBy } from '../audit.ts'
import { type FindConnection, noSuchConnection } from '../connections/find-connection.ts'
import type { SyncService } from '../syncs/sync-service.ts'
import { type Hint, hintOf, isSigned, webhookEvents } from './deliveries.ts'

export interface WebhookServiceOptions {
  readonly find: FindConnection
  readonly connections: ConnectionStore
  readonly syncs: Pick<SyncService, 'request'>
  readonly facts: Pick<FactStore, 'readResources'>
  readonly deliveries: WebhookDeliveries
  readonly vault: Vault
  readonly audit: Audit
  readonly clock: Clock
  readonly log: Logger
  /** A new random part of an id. */
  readonly newId: () => string
  /** Where callers reach this API from outside; empty when that is not known. */
  readonly publicUrl: string
}

/** What Bitbucket sends, as it came. */
export interface Delivery {
  readonly body: Buffer
  readonly signature: string
  readonly eventKey: string
  /** Tells a repeated delivery from a new one; empty when there is none. */
  readonly requestUuid: string
  readonly requestId: string
}

export interface Delivered {
  /**
   * ignored: it says nothing about access, or of nothing that is read; repeated: it was here; delayed: the list was asked about
   * a moment ago
   */
  readonly outcome: 'ignored' | 'repeated' | 'delayed' | 'requested'
  readonly syncId: SyncId | null
}

/** Of a webhook there is kept, sealed: */
const Kept = z.object({ secret: z.string(), createdAt: z.string() })

const secretBytes = 32
/** Rows on one page of a list. */
const rowsPerPage = 100
/** Of the hour of a credential, lists that deliveries ask for take no more than this share. */
const listShare = 0.25

/** A connection's webhook: makes its secret, and turns what Bitbucket delivers into targeted syncs. */
export class WebhookService {
  readonly #options: WebhookServiceOptions

  constructor(options: WebhookServiceOptions) {
    this.#options = options
  }

  /** Makes the webhook, or gives the one that is there a new secret, which is shown this once. */
  async configure(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId): Promise<CreatedWebhook> {
    const { find, vault, clock } = this.#options
    const { connection } = await find(tenantId, connectionId)
    const kept = { secret: randomBytes(secretBytes).toString('hex'), createdAt: toInstant(clock.now()) }
    const sealedWebhook = vault.seal(ownerOf(connectionId), new Secret(JSON.stringify(kept)))
    const view = this.#view(connectionId, kept.createdAt)
    await this.#change(by, connection, 'webhook.configured', sealedWebhook, kept.createdAt)
    return { ...view, secret: kept.secret }
  }

  /** @throws InputError 404 when there is none */
  async read(tenantId: TenantId, connectionId: ConnectionId): Promise<Webhook> {
    const kept = this.#open(await this.#options.find(tenantId, connectionId))
    if (kept === null) throw noWebhook()
    return this.#view(connectionId, kept.createdAt)
  }

  /** From now on nothing that is delivered is believed. @throws InputError 404 when there is none */
  async remove(by: RequestedBy, tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
    const stored = await this.#options.find(tenantId, connectionId)
    const kept = this.#open(stored)
    if (kept === null) throw noWebhook()
    await this.#change(by, stored.connection, 'webhook.removed', null, kept.createdAt)
  }

  /**
   * Takes what came from outside. Who sent it is known by the signature alone, and what it says is a hint: Bitbucket is asked.
   * @throws InputError 401 when it is not signed with the secret of a webhook that is there
   */
  async deliver(connectionId: ConnectionId, delivery: Delivery): Promise<Delivered> {
    const { connections, deliveries } = this.#options
    const stored = await connections.read(connectionId)
    const kept = stored === null || stored.isRemoving ? null : this.#open(stored)
    // What is not there is compared as well, so that the time does not tell whether it is.
    const isGenuine = isSigned(delivery.body, delivery.signature, kept?.secret ?? '')
    if (stored === null || kept === null || !isGenuine) throw badSignature()
    const hint = hintOf(delivery.eventKey, parse(delivery.body))
    if (hint === null || stored.paused !== null) return { outcome: 'ignored', syncId: null }
    if (await deliveries.wasTaken(connectionId, delivery.requestUuid)) return { outcome: 'repeated', syncId: null }
    const scopes = await this.#scopesOf(stored, hint)
    const syncId = scopes.length === 0 ? null : await this.#request(stored.connection, scopes, delivery.requestId)
    // Only now: what failed before may come again.
    await deliveries.noteTaken(connectionId, delivery.requestUuid)
    if (syncId !== null) return { outcome: 'requested', syncId }
    return { outcome: hint.list === null ? 'ignored' : 'delayed', syncId: null }
  }

  async #request({ tenantId, id }: Connection, scopes: ScopeId[], requestId: string): Promise<SyncId> {
    const by = { actor: { kind: 'webhook' as const, id, name: null }, requestId }
    const { sync } = await this.#options.syncs.request(by, tenantId, id, { kind: 'targeted', scopes }, 'webhook')
    this.#options.log.info(
      { event: 'webhook.taken', tenantId, connectionId: id, syncId: sync.id, scopes },
      'targeted sync',
    )
    return sync.id
  }

  /**
   * What is known, and not left out by the settings, can be read at once; a list is asked about as often as its length allows,
   * and by schedule anyhow.
   */
  async #scopesOf(stored: StoredConnection, { list, resource }: Hint): Promise<ScopeId[]> {
    const { facts, deliveries } = this.#options
    const { connection, size } = stored
    const [known] = resource === null ? [null] : await facts.readResources(connection.id, [resource])
    const { include } = settingsOf(connection)
    const scopes: ScopeId[] = resource !== null && known != null && isResourceIncluded(include, known) ? [resource] : []
    if (list === null) return scopes
    const rows = list === 'workspace/projects' ? size.projects : size.repositories
    const requests = Math.max(1, Math.ceil((rows ?? 0) / rowsPerPage))
    const everySeconds = Math.ceil((requests * 3_600) / (1_000 * listShare))
    const isTurn = await deliveries.takeTurn(connection.id, list, everySeconds)
    return isTurn ? [list, ...scopes] : scopes
  }

  async #change(
    by: RequestedBy,
    { id, tenantId }: Connection,
    action: 'webhook.configured' | 'webhook.removed',
    sealedWebhook: string | null,
    createdAt: string,
  ): Promise<void> {
    const { connections, audit, newId } = this.#options
    const fields = { events: [...webhookEvents], createdAt }
    const record = audit(by, {
      ...{ tenantId, connectionId: id, action, target: { kind: 'webhook', id } },
      ...(sealedWebhook === null ? { before: fields } : { after: fields }),
    })
    const change = { tenantId, requestId: `req_${newId()}`, sealedWebhook, events: [record] }
    if ((await connections.change(id, change)) === null) throw noSuchConnection(id)
  }

  #open({ sealedWebhook, connection }: StoredConnection): z.infer<typeof Kept> | null {
    if (sealedWebhook === null) return null
    return parseSecret(Kept, this.#options.vault.open(ownerOf(connection.id), sealedWebhook))
  }

  #view(connectionId: ConnectionId, createdAt: string): Webhook {
    const path = `/v1/webhooks/bitbucket/${connectionId}`
    return { url: `${this.#options.publicUrl}${path}`, events: [...webhookEvents], createdAt }
  }
}

/** Another one than of the credentials, so that what is sealed as the one does not open as the other. */
function ownerOf(connectionId: ConnectionId): string {
  return `webhook:${connectionId}`
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

function noWebhook(): InputError {
  return new InputError('no-webhook', 'The connection has no webhook', { remedy: 'Make one by PUT .../webhook.' })
}

function badSignature(): InputError {
  return new InputError('bad-signature', 'The delivery is not signed with the secret of a webhook that is there', {
    remedy: 'Give the webhook in Bitbucket the secret that PUT .../webhook answered, or make a new one.',
  })
}
