import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { BitbucketClient } from './client.ts'
import { type BitbucketWorkspace, getWorkspace } from './endpoints/workspaces.ts'
import { upstreamError } from './errors.ts'
import { missingScopes, requiredScopes } from './scopes.ts'

/**
 * Looks whether a credential can do the job before anything is saved: it gives a token, the token has the scopes, the
 * workspace is visible to it.
 * @throws UpstreamError that says what to mend.
 */
export async function checkAccess(
  client: BitbucketClient,
  workspace: string,
  signal?: AbortSignal,
): Promise<BitbucketWorkspace> {
  const granted = await client.grantedScopes(signal)
  // Where Bitbucket does not tell the scopes, the first refused call will.
  const missing = granted === null ? [] : missingScopes(granted)
  if (missing.length > 0) {
    const labels = missing.map((scope) => requiredScopes[scope]).join(', ')
    throw upstreamError('scope-missing', `The OAuth consumer lacks permissions: ${labels}`, {
      remedy: `Tick ${labels} at the OAuth consumer and save it. The permissions to administer do not include those to read.`,
      context: { missing: missing.join(' ') },
    })
  }
  try {
    return await getWorkspace(client, workspace, signal)
  } catch (cause) {
    throw workspaceNotFound(workspace, cause)
  }
}

/** What a 404 for the workspace means; any other error as it is. */
export function workspaceNotFound(workspace: string, error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.code !== 'not-found') return error
  const message = `The credential cannot see the workspace ${workspace}`
  return upstreamError('workspace-not-found', message, { status: 404, cause: error })
}
