import type { BitbucketClient } from '../client.ts'
import { nullIfNotFound } from './not-found.ts'
import { Account, accountFields, accountStateFields, fieldsOf } from './schemas.ts'

/** Reads the account that the credential stands for: a person, a workspace or an app user. @throws UpstreamError */
export function getCurrentUser(client: BitbucketClient, signal?: AbortSignal): Promise<Account> {
  const path = `/2.0/user?${fieldsOf(...accountFields, ...accountStateFields)}`
  return client.get(path, { endpoint: 'GET /2.0/user', schema: Account, signal })
}

/**
 * Reads an account by uuid in braces or Atlassian account id; null where there is none, or where it is a workspace's own.
 * @throws UpstreamError
 */
export function getUser(client: BitbucketClient, userId: string, signal?: AbortSignal): Promise<Account | null> {
  const path = `/2.0/users/${encodeURIComponent(userId)}?${fieldsOf(...accountFields, ...accountStateFields)}`
  return nullIfNotFound(client.get(path, { endpoint: 'GET /2.0/users/{selected_user}', schema: Account, signal }))
}
