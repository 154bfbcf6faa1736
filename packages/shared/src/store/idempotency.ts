import { hash } from 'node:crypto'
import { z } from 'zod'
import { parseSecret, Secret } from '../runtime/secret.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'
import type { Vault } from './vault.ts'

/**
 * What was answered to requests that may be repeated. An answer may hold a secret that is shown once, so it is kept sealed,
 * and of the caller's key only a digest.
 */
const claimScript = loadScript('claim-idempotency')
const settleScript = loadScript('settle-idempotency')

/** Longer than any request takes; after that whoever claimed the key has died. */
const runningSeconds = 60
const keptSeconds = 24 * 60 * 60

export const KeptAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})
export type KeptAnswer = z.infer<typeof KeptAnswer>

export interface IdempotencyClaim {
  /** Whose key it is: a tenant's, or an operator's. */
  readonly owner: string
  readonly key: string
  /** Tells this claim from a later one of the same key. */
  readonly token: string
}

export interface FoundRequest {
  /** Of the request that was made first with the key. */
  readonly fingerprint: string
  /** Null while it is being worked on. */
  readonly answer: KeptAnswer | null
}

export interface IdempotencyStore {
  /** Null when the key is this claim's now; else what it was used for. */
  claim(claim: IdempotencyClaim, fingerprint: string): Promise<FoundRequest | null>
  /** Keeps the answer for 24 hours. Does nothing when the key is no longer this claim's. */
  keep(claim: IdempotencyClaim, answer: KeptAnswer): Promise<void>
  /** Forgets the claim, so that the request may be made again. */
  release(claim: IdempotencyClaim): Promise<void>
}

const Claimed = z.union([z.tuple([]), z.tuple([z.string(), z.string()])])
const Found = z.object({ fingerprint: z.string(), answer: z.string().optional() })

export function createIdempotencyStore(redis: RedisClient, keys: Keys, vault: Vault): IdempotencyStore {
  const nameOf = ({ owner, key }: IdempotencyClaim) => keys.idempotency(owner, hash('sha256', key, 'hex'))
  return {
    async claim(claim, fingerprint) {
      const reply = await claimScript(redis, [nameOf(claim)], [claim.token, fingerprint, runningSeconds])
      const found = Claimed.parse(reply)
      if (found.length === 0) return null
      const { fingerprint: first, answer } = Found.parse({ fingerprint: found[0], answer: found[1] || undefined })
      return { fingerprint: first, answer: answer ? parseSecret(KeptAnswer, vault.open(claim.owner, answer)) : null }
    },
    async keep(claim, answer) {
      const sealed = vault.seal(claim.owner, new Secret(JSON.stringify(answer)))
      await settleScript(redis, [nameOf(claim)], [claim.token, sealed, keptSeconds])
    },
    async release(claim) {
      await settleScript(redis, [nameOf(claim)], [claim.token, '', 0])
    },
  }
}
