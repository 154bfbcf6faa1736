import { randomUUID } from 'node:crypto'
import { type BitbucketClient, createBitbucketClient } from '@clarity/bitbucket'
import type { CredentialRef } from '@clarity/shared/contract/connections'
import type { Clock } from '@clarity/shared/runtime/clock'
import { InvariantError, UpstreamError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Tracing } from '@clarity/shared/runtime/tracing'
import type { Budget, BudgetPriority } from '@clarity/shared/store/budget'
import { BudgetMeter, hourUsedUp } from '@clarity/shared/store/budget-meter'
import type { StoredConnection } from '@clarity/shared/store/connections'
import { credentialsOf, openCredentials } from '@clarity/shared/store/credentials'
import { sealedPart, type Vault } from '@clarity/shared/store/vault'
import type { SyncWorkerMetrics } from './metrics.ts'
import { SliceOver } from './slice-bounds.ts'

export interface ClientsOptions {
  readonly urls: { readonly api: string; readonly token: string }
  readonly vault: Vault
  readonly log: Logger
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly budgetOf: (credential: CredentialRef) => Budget
  readonly metrics: Pick<SyncWorkerMetrics, 'requestMade' | 'budgetSeen'>
  readonly tracing: Tracing
}

/** What a slice reads with. */
export interface SliceClient extends AsyncDisposable {
  readonly client: BitbucketClient
  /** How long to wait until there is room for so many requests; 0 when there is. */
  reserve(requests: number): Promise<number>
}

export interface SliceUse {
  /** May change from phase to phase. */
  readonly priority: () => BudgetPriority
  /** Hears of each request. */
  readonly onRequest: () => void
}

/** After a refusal for want of room nobody asks for so long, unless Bitbucket says longer. */
const refusedMs = 60_000
/** A client that no slice has used for so long is closed. */
const idleMs = 10 * 60_000

/**
 * The clients of this process, one for each connection, kept from slice to slice: their tokens, and what they have learned
 * of how much at a time Bitbucket takes. They read within the budgets of the connection's credentials, which other workers
 * and the API draw on as well; where there is no room, the slice is over.
 */
export class Clients implements AsyncDisposable {
  readonly #options: ClientsOptions
  readonly #open = new Map<string, OpenClient>()

  constructor(options: ClientsOptions) {
    this.#options = options
  }

  /** The client of a connection; one slice at a time uses it. */
  async use(stored: StoredConnection, use: SliceUse): Promise<SliceClient> {
    await this.#closeIdle()
    const { id } = stored.connection
    const known = this.#open.get(id)
    if (known !== undefined && known.sealedPart !== sealedPart(id, stored.sealedCredential)) {
      this.#open.delete(id)
      await known.client[Symbol.asyncDispose]()
    }
    const open = this.#open.get(id) ?? this.#create(stored)
    this.#open.set(id, open)
    return this.#begin(open, stored, use)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map(({ client }) => client[Symbol.asyncDispose]()))
  }

  #create({ connection, sealedCredential }: StoredConnection): OpenClient {
    const { urls, vault, clock, random, metrics, tracing } = this.#options
    const { id } = connection
    const [first, ...more] = openCredentials(vault, id, sealedCredential)
    if (first === undefined) throw new InvariantError('A connection has no credential', { connectionId: id })
    const open: OpenClient = {
      sealedPart: sealedPart(id, sealedCredential),
      usedAtMs: clock.now(),
      slice: null,
      client: createBitbucketClient({
        urls,
        credentials: [first, ...more],
        clock,
        random,
        takeBudget: async (credentialId, signal) => open.slice?.take(credentialId, signal),
        onRequest: (request) => {
          metrics.requestMade(request)
          open.slice?.onRequest()
        },
        tracing,
      }),
    }
    return open
  }

  #begin(open: OpenClient, { connection }: StoredConnection, use: SliceUse): SliceClient {
    const { clock, log } = this.#options
    const ids = { tenantId: connection.tenantId, connectionId: connection.id }
    const meters = new Map(credentialsOf(connection).map((ref) => [ref.key, this.#createMeter(ref, ids, use)]))
    const meterOf = (credentialId: unknown) => meters.get(String(credentialId)) ?? noMeter(ids.connectionId)
    open.usedAtMs = clock.now()
    open.slice = { take: (credentialId, signal) => meterOf(credentialId).take(signal), onRequest: use.onRequest }
    const onRefused = async (error: UpstreamError): Promise<never> => {
      if (error.code === hourUsedUp) throw new SliceOver('no-room', error.retryAfterMs ?? 0, error)
      const forMs = Math.max(refusedMs, error.retryAfterMs ?? 0)
      log.warn({ event: 'budget.refused', ...ids, forMs, err: error }, 'Bitbucket has less room than we counted')
      await meterOf(error.context.credentialId).refuse(forMs)
      throw new SliceOver('refused', forMs, error)
    }
    const measure = () => this.#measure(connection)
    return {
      client: endSliceWhenRefused(open.client, onRefused),
      async reserve(requests) {
        const waits = await Promise.all([...meters.values()].map((meter) => meter.reserve(requests)))
        return Math.min(...waits)
      },
      async [Symbol.asyncDispose]() {
        open.slice = null
        open.usedAtMs = clock.now()
        await Promise.all([...meters.values()].map((meter) => meter.close()))
        await measure()
      },
    }
  }

  /** How much is left is for the metrics alone: without an answer there is no figure. */
  async #measure(connection: StoredConnection['connection']): Promise<void> {
    const { budgetOf, metrics } = this.#options
    for (const ref of credentialsOf(connection)) {
      const budget = budgetOf(ref)
      const used = await budget.used().catch(() => null)
      if (used !== null) metrics.budgetSeen({ credential: `${ref.kind} ${ref.key}`, used, limit: budget.limit })
    }
  }

  #createMeter(credential: CredentialRef, ids: object, { priority }: SliceUse): BudgetMeter {
    const { clock, log, budgetOf } = this.#options
    return new BudgetMeter({
      budget: budgetOf(credential),
      priority,
      clock,
      newId: randomUUID,
      waitMsMax: 0,
      onLost: (err) =>
        log.warn({ event: 'budget.not-returned', ...ids, err }, 'a rest of the budget was not given back'),
    })
  }

  async #closeIdle(): Promise<void> {
    const before = this.#options.clock.now() - idleMs
    for (const [id, { client, slice, usedAtMs }] of this.#open) {
      if (slice !== null || usedAtMs > before) continue
      this.#open.delete(id)
      await client[Symbol.asyncDispose]()
    }
  }
}

interface OpenClient {
  readonly client: BitbucketClient
  /** Of its credentials: what stays when they are sealed under another master key. */
  readonly sealedPart: string
  usedAtMs: number
  /** The slice that uses it, if one does. */
  slice: { take(credentialId: string, signal: AbortSignal | undefined): Promise<void>; onRequest(): void } | null
}

function noMeter(connectionId: string): never {
  throw new InvariantError('A request is made with a credential that the connection does not have', { connectionId })
}

/** Others may use the same consumer, so our own count can be wrong: what Bitbucket says then counts. */
function endSliceWhenRefused(
  client: BitbucketClient,
  onRefused: (error: UpstreamError) => Promise<never>,
): BitbucketClient {
  return {
    ...client,
    async get(path, options) {
      try {
        return await client.get(path, options)
      } catch (error) {
        if (isRateLimited(error)) return await onRefused(error)
        throw error
      }
    },
  }
}

function isRateLimited(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && error.kind === 'rate-limited'
}
