import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { BitbucketClient } from './client.ts'
import { type BitbucketWorkspace, getWorkspace } from './endpoints/workspaces.ts'
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
  const missing = missingScopes(await client.grantedScopes(signal))
  if (missing.length > 0) {
    const labels = missing.map((scope) => requiredScopes[scope]).join(', ')
    throw new UpstreamError('permission', 'scope-missing', `The OAuth consumer lacks permissions: ${labels}`, {
      remedy: `Tick ${labels} at the OAuth consumer and save it. The permissions to administer do not include those to read.`,
      context: { missing: missing.join(' ') },
    })
  }
  try {
    return await getWorkspace(client, workspace, signal)
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.code !== 'not-found') throw error
    throw new UpstreamError(
      'permission',
      'workspace-not-found',
      `The OAuth consumer cannot see the workspace ${workspace}`,
      {
        remedy: 'A consumer sees the workspace it was made in: check the slug, or make the consumer in that workspace.',
        status: 404,
        cause: error,
      },
    )
  }
}
