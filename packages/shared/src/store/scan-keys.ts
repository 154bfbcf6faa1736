import { z } from 'zod'
import { mastersOf, type RedisClient } from './redis-client.ts'

const Page = z.array(z.string())

export interface ScanOptions {
  readonly match: string
  /** About how many keys Redis looks at for a page. */
  readonly count: number
  readonly type?: string
}

/**
 * Page by page the names of all keys that match, of whichever server; one may come twice. What is there all the while is found, but
 * for what a cluster moves from one master to another meanwhile.
 */
export async function* scanKeys(redis: RedisClient, options: ScanOptions): AsyncGenerator<string[], void> {
  // A cluster knows its masters with the first answer that it gives.
  await redis.ping()
  for (const master of mastersOf(redis)) {
    for await (const page of master.scanStream({ ...options })) yield Page.parse(page)
  }
}
