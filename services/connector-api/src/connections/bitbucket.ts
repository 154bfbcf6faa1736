import { randomUUID } from 'node:crypto'
import {
  type BitbucketClient,
  type BitbucketClientOptions,
  type BitbucketWorkspace,
  checkAccess,
  createBitbucketClient,
} from '@clarity/bitbucket'
import type { NewCredential } from '@clarity/shared/contract/connections'
import type { Clock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { Budget } from '@clarity/shared/store/budget'
import { BudgetMeter } from '@clarity/shared/store/budget-meter'
import { toClientCredential, toCredentialRef } from '@clarity/shared/store/credentials'

export interface BitbucketOptions extends Pick<BitbucketClientOptions, 'onRequest' | 'tracing'> {
  readonly urls: { readonly api: string; readonly token: string }
  /** How long Bitbucket may take to answer while a caller waits. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** The budget of a credential, which the workers draw on as well. */
  readonly budgetOf: (credential: { readonly kind: string; readonly key: string }) => Budget
}

/**
 * A look at Bitbucket with what a caller wants to save: does that credential work, and does it see the workspace?
 * It rejects with an UpstreamError that says why not; no whole answer within the time is one as well.
 */
export function createAccessCheck(options: BitbucketOptions) {
  return ({ workspace }: { readonly workspace: string }, credential: NewCredential): Promise<BitbucketWorkspace> =>
    askBitbucket(options, [credential], (client, signal) => checkAccess(client, workspace, signal))
}

/**
 * Works with a client of those credentials, within the time that a caller waits and within their budgets.
 * @throws UpstreamError when there is no whole answer by then
 */
export async function askBitbucket<T>(
  { timeoutMs, budgetOf, clock, ...options }: BitbucketOptions,
  [credential, ...others]: readonly [NewCredential, ...NewCredential[]],
  work: (client: BitbucketClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  await using opened = new AsyncDisposableStack()
  const meters = new Map<string, BudgetMeter>()
  for (const ref of [credential, ...others].map(toCredentialRef)) {
    if (meters.has(ref.key)) continue
    // Nobody waits at a form for an hour to pass.
    const waits = { priority: () => 'interactive' as const, waitMsMax: 0 }
    const meter = new BudgetMeter({ budget: budgetOf(ref), clock, newId: randomUUID, ...waits })
    meters.set(ref.key, meter)
    opened.defer(() => meter.close())
  }
  const client = opened.use(
    createBitbucketClient({
      ...options,
      credentials: [toClientCredential(credential), ...others.map(toClientCredential)],
      clock,
      random: Math.random,
      takeBudget: async (credentialId, aborted) => meters.get(credentialId)?.take(aborted),
    }),
  )
  try {
    return await work(client, signal)
  } catch (cause) {
    if (cause !== signal.reason) throw cause
    throw new UpstreamError(
      'unavailable',
      'no-answer',
      `Bitbucket gave no whole answer within ${timeoutMs / 1_000} s`,
      {
        remedy: 'Nothing was saved: send it again when Bitbucket answers (see its status page).',
        cause,
      },
    )
  }
}
