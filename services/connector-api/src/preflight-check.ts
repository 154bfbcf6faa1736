import { createBitbucketClient, runPreflight } from '@clarity/bitbucket'
import type { Preflight, PreflightRequest } from '@clarity/shared/contract/preflight'
import { systemClock } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import { Secret } from '@clarity/shared/runtime/secret'
import type { AccessCheckOptions } from './access-check.ts'

/**
 * Tries at Bitbucket all that a full sync of a workspace would read; what is refused is told in the answer.
 * It rejects with an UpstreamError only when no whole answer comes within the time.
 */
export function createPreflightCheck({ urls, timeoutMs }: AccessCheckOptions) {
  return async ({ workspace, credential }: PreflightRequest): Promise<Preflight> => {
    const { kind, key, secret } = credential
    const signal = AbortSignal.timeout(timeoutMs)
    await using client = createBitbucketClient({
      urls,
      credentials: [{ kind, id: key, key, secret: new Secret(secret) }],
      clock: systemClock,
      random: Math.random,
    })
    try {
      return await runPreflight(client, workspace, { credentialKinds: [kind] }, signal)
    } catch (cause) {
      if (cause !== signal.reason) throw cause
      throw new UpstreamError(
        'unavailable',
        'no-answer',
        `Bitbucket did not answer it all within ${timeoutMs / 1_000} s`,
        {
          remedy: 'Nothing was saved: send it again when Bitbucket answers (see its status page).',
          cause,
        },
      )
    }
  }
}
