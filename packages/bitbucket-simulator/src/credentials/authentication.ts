import { randomBytes } from 'node:crypto'
import type { SimulatorClock } from '../clock.ts'
import { ApiError } from '../http/errors.ts'
import { findConsumer } from '../world/consumers.ts'
import type { Consumer, World } from '../world/types.ts'
import { accessTokenCaller, anonymous, type Caller, consumerCaller, userCaller } from './caller.ts'

export interface Authentication {
  /** How long a consumer's token lives. */
  lifeSeconds: number
  /** A new token for the consumer; earlier ones stay good for the rest of their lives. */
  issue(consumer: Consumer): string
  /** Every token that a consumer was given and that has not ended. */
  issued(): string[]
  /** Ends the life of every token that consumers hold; keys and secrets stay good. */
  revokeAll(): void
  /** Who the header says is calling; nobody without one. @throws ApiError 401 when its credential is not good now. */
  readCaller(authorization: string | undefined): Caller
}

interface Issued {
  readonly consumerKey: string
  readonly expiresAtMs: number
}

/** The same words for a token that is unknown, has expired, or is of a kind that an endpoint does not take. */
export function tokenRefused(): ApiError {
  return new ApiError(401, 'Token is invalid, expired, or not supported for this endpoint.')
}

/** Bearer tokens of consumers, which are issued here; access tokens; and API tokens in Basic authentication. */
export function createAuthentication(world: World, clock: SimulatorClock, lifeSeconds: number): Authentication {
  const issued = new Map<string, Issued>()

  const readBearer = (token: string): Caller => {
    const accessToken = world.accessTokens.get(token)
    if (accessToken !== undefined) return accessTokenCaller(accessToken)
    const known = issued.get(token)
    const owned = known && known.expiresAtMs > clock.now() ? findConsumer(world, known.consumerKey) : undefined
    if (owned === undefined) throw tokenRefused()
    return consumerCaller(owned)
  }

  const readBasic = (encoded: string): Caller => {
    const { name: email, password } = parseBasic(encoded)
    const token = world.apiTokens.get(password)
    const user = token?.workspace.users.get(token.userUuid)
    const isGood = token !== undefined && (token.expiresAtMs === null || token.expiresAtMs > clock.now())
    if (!isGood || user === undefined || user.email !== email) throw tokenRefused()
    return userCaller(token, user)
  }

  return {
    lifeSeconds,
    issue({ key }) {
      for (const [token, { expiresAtMs }] of issued) {
        if (expiresAtMs > clock.now()) break
        issued.delete(token)
      }
      const token = randomBytes(96).toString('base64url')
      issued.set(token, { consumerKey: key, expiresAtMs: clock.now() + this.lifeSeconds * 1000 })
      return token
    },
    issued: () => [...issued].filter(([, { expiresAtMs }]) => expiresAtMs > clock.now()).map(([token]) => token),
    revokeAll: () => issued.clear(),
    readCaller(authorization) {
      if (authorization === undefined) return anonymous
      const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization) ?? []
      if (scheme.toLowerCase() === 'bearer') return readBearer(value)
      if (scheme.toLowerCase() === 'basic') return readBasic(value)
      throw tokenRefused()
    },
  }
}

/** The two parts of Basic credentials; empty where there are none. */
export function parseBasic(encoded: string): { readonly name: string; readonly password: string } {
  const [name = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
  return { name, password: rest.join(':') }
}
