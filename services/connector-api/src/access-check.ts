import { type BitbucketWorkspace, checkAccess, createBitbucketClient } from '@clarity/bitbucket'
import type { NewConnection } from '@clarity/shared/contract/connections'
import { systemClock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'

export interface AccessCheckOptions {
  readonly urls: { readonly api: string; readonly token: string }
  readonly timeoutMs: number
}

/**
 * A look at Bitbucket with what a caller wants to save: does the credential work, and does it see the workspace?
 * It rejects with an UpstreamError that says why not; no whole answer within the time is one as well.
 */
export function createAccessCheck({ urls, timeoutMs }: AccessCheckOptions) {
  return async ({ workspace, credential }: NewConnection): Promise<BitbucketWorkspace> => {
    const { kind, key, secret } = credential
    const signal = AbortSignal.timeout(timeoutMs)
    await using client = createBitbucketClient({
      urls,
      credentials: [{ kind, id: key, key, secret: new Secret(secret) }],
      clock: systemClock,
      random: Math.random,
    })
    try {
      return await checkAccess(client, workspace, signal)
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
}
