import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { replaceField } from './replace-field.ts'

/**
 * Removes a sealed secret that nobody can open any more, with all that needs it, so that another one can be put in its
 * place: a connection without credentials waits for some, addresses may be sent again, a secret of the deployment is made
 * anew. False when it is no longer what was `read`.
 */
export async function forgetSecret(
  redis: RedisClient,
  keys: Keys,
  { key, field }: { readonly key: string; readonly field: string },
  read: string,
): Promise<boolean> {
  const connectionId = keys.secretsOf(key)
  const emails = connectionId === null ? null : keys.connection(connectionId).emails
  if (key !== emails?.state) return replaceField(redis, key, field, read, field === 'credential' ? '' : null)
  // What is sealed under a data key goes with it. Nobody can have added to it: that would take the key.
  await redis.unlink(...Object.values(emails))
  return true
}
