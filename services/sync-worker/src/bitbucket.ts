import { randomUUID } from 'node:crypto'
import { type BitbucketClient, createBitbucketClient } from '@clarity/bitbucket'
import type { Clock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { Logger } from '@clarity/shared/runtime/log'
import { delayBeforeRetry, type RetryPolicy } from '@clarity/shared/runtime/retry'
import type { Budget } from '@clarity/shared/store/budget'
import { BudgetMeter } from '@clarity/shared/store/budget-meter'
import type { StoredConnection } from '@clarity/shared/store/connections'
import type { Vault } from '@clarity/shared/store/vault'

export interface ClientOptions {
  readonly urls: { readonly api: string; readonly token: string }
  readonly vault: Vault
  readonly log: Logger
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly budgetOf: (credential: { readonly kind: string; readonly key: string }) => Budget
}

/**
 * How patiently a call that is refused for want of room is made again. Others may use the same consumer, so our own count
 * can be wrong; within some two hours any rolling hour is over.
 */
const patience: RetryPolicy = { initialMs: 60_000, maxMs: 900_000, factor: 2, attempts: 12 }
const restMsMin = 30_000

/**
 * Makes clients that read within the budget of a connection's credential, which other workers and the API draw on as
 * well. A request for which the hour has no room waits until it has, and one that Bitbucket refuses for that reason
 * empties the budget for a while and is made again. `onRequest` hears of each request.
 */
export function createClientFactory({ urls, vault, log, clock, random, budgetOf }: ClientOptions) {
  return ({ connection, sealedCredential }: StoredConnection, onRequest: () => void): BitbucketClient => {
    const { id, tenantId, credential } = connection
    const ids = { tenantId, connectionId: id }
    const meter = new BudgetMeter({
      budget: budgetOf(credential),
      priority: 'cheap-tier',
      clock,
      newId: randomUUID,
      waitMsMax: Number.POSITIVE_INFINITY,
      onWait: (forMs) => log.info({ event: 'budget.spent', ...ids, forMs }, 'waiting for room in the hour'),
      onLost: (err) =>
        log.warn({ event: 'budget.not-returned', ...ids, err }, 'a rest of the budget was not given back'),
    })
    const client = createBitbucketClient({
      urls,
      credentials: [{ ...credential, id: credential.key, secret: vault.open(id, sealedCredential) }],
      clock,
      random,
      takeBudget: (_credentialId, signal) => meter.take(signal),
      onRequest,
    })
    return {
      ...client,
      async get(path, options) {
        for (let attempt = 1; ; attempt++) {
          try {
            return await client.get(path, options)
          } catch (error) {
            if (!isRateLimited(error) || attempt === patience.attempts) throw error
            const forMs = Math.max(restMsMin, delayBeforeRetry(patience, attempt, random(), error.retryAfterMs ?? 0))
            log.warn({ event: 'budget.refused', ...ids, forMs, err: error }, 'Bitbucket has less room than we counted')
            await meter.refuse(forMs)
            await clock.sleep(forMs, options.signal)
          }
        }
      },
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]()
        await meter.close()
      },
    }
  }
}

function isRateLimited(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && error.kind === 'rate-limited'
}
