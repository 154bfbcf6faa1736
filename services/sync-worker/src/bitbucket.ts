import { randomUUID } from 'node:crypto'
import { type BitbucketClient, createBitbucketClient } from '@clarity/bitbucket'
import { systemClock } from '@clarity/shared/runtime/clock'
import type { Logger } from '@clarity/shared/runtime/log'
import type { Budget } from '@clarity/shared/store/budget'
import { BudgetMeter } from '@clarity/shared/store/budget-meter'
import type { StoredConnection } from '@clarity/shared/store/connections'
import type { Vault } from '@clarity/shared/store/vault'

export interface ClientOptions {
  readonly urls: { readonly api: string; readonly token: string }
  readonly vault: Vault
  readonly log: Logger
  readonly budgetOf: (credential: { readonly kind: string; readonly key: string }) => Budget
}

/**
 * Makes clients that read within the budget of a connection's credential, which other workers and the API draw on as
 * well; a request for which the hour has no room waits until it has. `onRequest` hears of each.
 */
export function createClientFactory({ urls, vault, log, budgetOf }: ClientOptions) {
  return ({ connection, sealedCredential }: StoredConnection, onRequest: () => void): BitbucketClient => {
    const { id, tenantId, credential } = connection
    const ids = { tenantId, connectionId: id }
    const meter = new BudgetMeter({
      budget: budgetOf(credential),
      priority: 'cheap-tier',
      clock: systemClock,
      newId: randomUUID,
      waitMsMax: Number.POSITIVE_INFINITY,
      onWait: (forMs) => log.info({ event: 'budget.spent', ...ids, forMs }, 'waiting for room in the hour'),
      onLost: (err) =>
        log.warn({ event: 'budget.not-returned', ...ids, err }, 'a rest of the budget was not given back'),
    })
    const client = createBitbucketClient({
      urls,
      credentials: [{ ...credential, id: credential.key, secret: vault.open(id, sealedCredential) }],
      clock: systemClock,
      random: Math.random,
      takeBudget: (_credentialId, signal) => meter.take(signal),
      onRequest,
    })
    return {
      ...client,
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]()
        await meter.close()
      },
    }
  }
}
