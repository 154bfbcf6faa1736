import { UpstreamError } from '@clarity/shared/runtime/errors'

/** The answer, or null for a 404: Bitbucket says it alike for what is not there and for what is not visible. */
export async function nullIfNotFound<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof UpstreamError && error.code === 'not-found') return null
    throw error
  }
}
