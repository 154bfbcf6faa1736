import { randomUUID } from 'node:crypto'
import {
  type BitbucketClient,
  type BitbucketClientOptions,
  type BitbucketWorkspace,
  checkAccess,
  createBitbucketClient,
  runPreflight,
} from '@clarity/bitbucket'
import type { NewCredential } from '@clarity/shared/contract/connections'
import type { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import { systemClock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { Budget } from '@clarity/shared/store/budget'
import { BudgetMeter } from '@clarity/shared/store/budget-meter'
import { toClientCredential, toCredentialRef } from '@clarity/shared/store/credentials'

export interface BitbucketOptions extends Pick<BitbucketClientOptions, 'onRequest' | 'tracing'> {
  readonly urls: { readonly api: string; readonly token: string }
  /** How long Bitbucket may take to answer while a caller waits. */
  readonly timeoutMs: number
  /** The budget of a credential, which the workers draw on as well. */
  readonly budgetOf: (credential: { readonly kind: string; readonly key: string }) => Budget
}

/**
 * A look at Bitbucket with what a caller wants to save: does that credential work, and does it see the workspace?
 * It rejects with an UpstreamError that says why not; no whole answer within the time is one as well.
 */
export function createAccessCheck(options: BitbucketOptions) {
  return ({ workspace }: { readonly workspace: string }, credential: NewCredential): Promise<BitbucketWorkspace> =>
    ask(options, credential, (client, signal) => checkAccess(client, workspace, signal))
}

/**
 * Tries at Bitbucket all that a full sync of a workspace would read; what is refused is told in the answer.
 * It rejects with an UpstreamError only when no whole answer comes within the time.
 */
export function createPreflightCheck(options: BitbucketOptions) {
  return ({ workspace, credential }: PreflightRequest): Promise<Preflight> =>
    ask(options, credential, (client, signal) =>
      runPreflight(client, workspace, { credentialKinds: [credential.kind] }, signal),
    )
}

async function ask<T>(
  { timeoutMs, budgetOf, ...options }: BitbucketOptions,
  credential: NewCredential,
  work: (client: BitbucketClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  const meter = new BudgetMeter({
    budget: budgetOf(toCredentialRef(credential)),
    priority: () => 'interactive',
    clock: systemClock,
    newId: randomUUID,
    // Nobody waits at a form for an hour to pass.
    waitMsMax: 0,
  })
  await using opened = new AsyncDisposableStack()
  opened.defer(() => meter.close())
  const client = opened.use(
    createBitbucketClient({
      ...options,
      credentials: [toClientCredential(credential)],
      clock: systemClock,
      random: Math.random,
      takeBudget: (_credentialId, aborted) => meter.take(aborted),
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
