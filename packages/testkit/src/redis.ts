import { randomUUID } from 'node:crypto'
import { Redis, type RedisOptions } from 'ioredis'
import { afterAll, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
  }
}

type ConnectOptions = Omit<RedisOptions, 'replyMapping'>

export interface TestRedis {
  /** With the number of the database in its path, for what connects by itself. */
  readonly url: string
  readonly client: Redis
  /** A further connection to the same database, closed at the end of the file. */
  connect(options?: ConnectOptions): Redis
}

/**
 * A database of the run's Redis for this test file alone, empty at first and emptied at the end. Call it at the top of
 * the file: `const redis = await testRedis()`.
 */
export async function testRedis(): Promise<TestRedis> {
  const url = new URL(inject('redisUrl'))
  url.pathname = '/0'
  const claims = new Redis(url.href)
  const database = await claimDatabase(claims).finally(() => claims.quit())
  url.pathname = `/${database.number}`
  const clients: Redis[] = []
  const connect = (options: ConnectOptions = {}) => {
    const client = new Redis(url.href, options)
    clients.push(client)
    return client
  }
  afterAll(async () => {
    for (const client of clients) client.disconnect()
    const last = new Redis(url.href)
    await last.multi().flushdb().select(0).del(database.claim).exec()
    await last.quit()
  })
  return { url: url.href, client: connect(), connect }
}

/**
 * Claims a database that nobody uses, by a key in database 0. One that holds anything is passed over: the server may
 * have been given, and its data are somebody's.
 */
async function claimDatabase(redis: Redis): Promise<{ number: number; claim: string }> {
  const [, databases] = await redis.config('GET', 'databases')
  for (let number = 1; number < Number(databases); number++) {
    const claim = `testkit:database:${number}`
    // An hour outlasts any run; a run that was killed frees its claims by it.
    if ((await redis.set(claim, randomUUID(), 'EX', 3_600, 'NX')) === null) continue
    if ((await isEmpty(redis, number)) === true) return { number, claim }
    await redis.del(claim)
  }
  throw new Error(`All ${databases} databases of the Redis for tests are in use.`)
}

async function isEmpty(redis: Redis, number: number): Promise<boolean> {
  const replies = await redis.multi().select(number).dbsize().select(0).exec()
  return replies?.[1]?.[1] === 0
}
