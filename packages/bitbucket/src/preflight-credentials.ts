import { workspaceNotFound } from './check.ts'
import type { BitbucketClient } from './client.ts'
import { type BitbucketWorkspace, getWorkspace } from './endpoints/workspaces.ts'
import { outcomeOf } from './preflight-probes.ts'
import { type Reason, toReason } from './preflight-reason.ts'
import type { Outcome } from './preflight-selection.ts'
import { excessScopes, missingScopes, scopeLabel } from './scopes.ts'

export interface ScopeReport {
  /** Null where Bitbucket does not tell. */
  readonly granted: string[] | null
  readonly missing: string[]
  /** Those that nothing here needs. */
  readonly excess: string[]
}

/** Whether a credential gives a token that has the scopes and sees the workspace; `unknown` where Bitbucket did not answer. */
export type CredentialReport = { readonly id: string; readonly scopes: ScopeReport } & (
  | { readonly state: 'works' }
  | ({ readonly state: 'refused' | 'unknown' } & Reason)
)

/** What one credential alone gets. */
export interface CredentialCheck {
  readonly granted: Outcome<readonly string[] | null>
  /** Null where it was not asked for: there is no token. */
  readonly found: Outcome<BitbucketWorkspace> | null
  readonly scopes: ScopeReport
}

/** Asks for a token and then, in one request, for the workspace. @throws what is not Bitbucket's doing */
export async function checkCredential(
  client: BitbucketClient,
  workspace: string,
  signal: AbortSignal | undefined,
): Promise<CredentialCheck> {
  const granted = await outcomeOf(client.grantedScopes(signal))
  const found = granted.state === 'readable' ? await outcomeOf(readWorkspace(client, workspace, signal)) : null
  const scopes = granted.state === 'readable' ? granted.value : null
  return {
    granted,
    found,
    scopes: {
      granted: scopes && [...scopes],
      missing: scopes === null ? [] : missingScopes(scopes),
      excess: scopes === null ? [] : excessScopes(scopes),
    },
  }
}

/** What is to be said of a credential, beside the workspace that the first one sees. */
export function toCredentialReport(
  id: string,
  { granted, found, scopes }: CredentialCheck,
  first: CredentialCheck['found'],
  nowMs: number,
): CredentialReport {
  const failed = granted.state === 'refused' ? granted : found
  if (failed?.state === 'refused') {
    const state = failed.error.retryable ? 'unknown' : 'refused'
    return { id, scopes, state, ...toReason(failed.error, nowMs) }
  }
  const isOther = found?.state === 'readable' && first?.state === 'readable' && found.value.uuid !== first.value.uuid
  if (isOther) return { id, scopes, state: 'refused', ...otherWorkspace }
  if (scopes.missing.length > 0) return { id, scopes, state: 'refused', ...lackingScopes(scopes.missing) }
  return { id, scopes, state: 'works' }
}

/** A workspace that was asked for by its slug is another one for that credential. */
export const otherWorkspace: Reason = {
  code: 'other-workspace',
  message: 'This credential sees another workspace under that name',
  remedy: 'Give credentials that administer the one workspace.',
}

export function lackingScopes(missing: readonly string[]): Reason {
  const labels = missing.map(scopeLabel).join(', ')
  return {
    code: 'scope-missing',
    message: `The credential lacks permissions: ${labels}`,
    remedy: `Grant ${labels} and save. The permissions to administer do not include those to read.`,
  }
}

async function readWorkspace(client: BitbucketClient, workspace: string, signal: AbortSignal | undefined) {
  try {
    return await getWorkspace(client, workspace, signal)
  } catch (cause) {
    throw workspaceNotFound(workspace, cause)
  }
}
