import { ApiError } from './errors.ts'

/** The answer of what Bitbucket has removed: the number of the change, and where it was announced. */
export function gone(change = 'CHANGE-2770'): ApiError {
  const data = { announcement_url: `https://developer.atlassian.com/cloud/bitbucket/changelog#${change}` }
  const detail = 'Please read the changelog entry for more details.'
  return new ApiError(410, `${change} - Functionality has been deprecated`, detail, { data })
}
