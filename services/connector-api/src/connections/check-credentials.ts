import { type BitbucketWorkspace, fieldAtFault, otherWorkspace as isOther } from '@clarity/bitbucket'
import type { NewCredential } from '@clarity/shared/contract/connections'
import { InputError, UpstreamError } from '@clarity/shared/runtime/errors'

/** Asks Bitbucket whether a credential works and sees the workspace; rejects with an UpstreamError that says why not. */
export type CheckAccess = (
  input: { readonly workspace: string },
  credential: NewCredential,
) => Promise<BitbucketWorkspace>

/** What a caller gives to read a workspace with. */
export interface GivenCredentials {
  readonly credential: NewCredential
  readonly moreCredentials?: readonly NewCredential[] | undefined
}

/**
 * All credentials must do, and see the same workspace; which one does not is said by its place.
 * @throws InputError 422, UpstreamError
 */
export async function checkCredentials(
  checkAccess: CheckAccess,
  input: { readonly workspace: string },
  { credential, moreCredentials = [] }: GivenCredentials,
): Promise<BitbucketWorkspace> {
  const workspace = await checkAccess(input, credential).catch((error: unknown) => {
    throw error instanceof UpstreamError ? ofField(fieldAtFault(error), error) : error
  })
  for (const [index, other] of moreCredentials.entries()) {
    const field = `moreCredentials.${index}`
    const seen = await checkAccess(input, other).catch((error: unknown) => {
      throw error instanceof UpstreamError ? ofField(field, error) : error
    })
    if (seen.uuid !== workspace.uuid) throw otherWorkspace(field)
  }
  return workspace
}

/** The same, of that field of the request, as a preflight names it. */
function ofField(field: string | null, error: UpstreamError): UpstreamError {
  const { kind, code, message, remedy, context, status, retryAfterMs, cause } = error
  return new UpstreamError(kind, code, message, {
    remedy,
    context: { ...context, field },
    ...(status !== null && { status }),
    ...(retryAfterMs !== null && { retryAfterMs }),
    ...(cause !== undefined && { cause }),
  })
}

export function otherWorkspace(field: string): InputError {
  const { message, remedy } = isOther
  return new InputError('other-workspace', message, { remedy, mistakes: [{ field, message, remedy }] })
}
