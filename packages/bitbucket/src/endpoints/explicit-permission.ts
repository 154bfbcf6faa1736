import { z } from 'zod'
import type { BitbucketClient } from '../client.ts'
import { nullIfNotFound } from './not-found.ts'
import { fieldsOf } from './schemas.ts'

/** The level that a principal directly holds; `none` says that it holds none. */
export const ExplicitPermission = z.object({ permission: z.string() })
export type ExplicitPermission = z.infer<typeof ExplicitPermission>

/** Reads what one user or group directly holds; null when Bitbucket finds the resource or the principal not at all. */
export function readExplicitPermission(
  client: BitbucketClient,
  endpoint: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ExplicitPermission | null> {
  return nullIfNotFound(
    client.get(`${path}?${fieldsOf('permission')}`, { endpoint, schema: ExplicitPermission, signal }),
  )
}
