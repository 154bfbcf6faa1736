import { randomBytes } from 'node:crypto'
import { findConsumer } from '../world/consumers.ts'
import type { Consumer, Workspace, World } from '../world/types.ts'
import { ApiError } from './errors.ts'

/** Who is calling: the consumer that the token was given to, with the workspace that owns it. */
export interface Caller {
  readonly consumer: Consumer
  readonly workspace: Workspace
}

export interface Tokens {
  readonly lifeSeconds: number
  /** A new token for the consumer; earlier ones stay good for the rest of their lives. */
  issue(consumer: Consumer): string
  /** @throws ApiError 401 when the header holds no token that is good now. */
  readCaller(authorization: string | undefined): Caller
}

interface Issued {
  readonly consumerKey: string
  readonly expiresAtMs: number
}

/** The bearer tokens given out; they live by the clock handed in, and are forgotten when they have expired. */
export function createTokens(world: World, now: () => number, lifeSeconds: number): Tokens {
  const issued = new Map<string, Issued>()
  return {
    lifeSeconds,
    issue({ key }) {
      for (const [token, { expiresAtMs }] of issued) if (expiresAtMs <= now()) issued.delete(token)
      const token = randomBytes(96).toString('base64url')
      issued.set(token, { consumerKey: key, expiresAtMs: now() + lifeSeconds * 1000 })
      return token
    },
    readCaller(authorization) {
      const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
      const known = token === undefined ? undefined : issued.get(token)
      const caller = known && known.expiresAtMs > now() ? findConsumer(world, known.consumerKey) : undefined
      if (caller) return caller
      throw new ApiError(401, 'Token is invalid, expired, or not supported for this endpoint.')
    },
  }
}
