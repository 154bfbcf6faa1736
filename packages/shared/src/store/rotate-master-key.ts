import { deploymentOwner } from './deployment-secrets.ts'
import { forgetSecret } from './forget-secret.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { replaceField } from './replace-field.ts'
import { scanKeys } from './scan-keys.ts'
import { isSealed, type Resealing, type Vault } from './vault.ts'

/**
 * Brings every secret that is at rest under the master key that seals: the fields of the connections' records, the data
 * keys of their addresses, the secrets of the deployment. Step by step, and each step leaves everything able to be opened:
 *
 *   scanned -> for each secret: read -> present                 (nothing to do)
 *                                    -> former -> resealed      (in one step, if it is still what was read)
 *                                              -> read again    (somebody has written it meanwhile)
 *                                    -> unknown                 (no key that is known opens it; it stays, unless what
 *                                                                  cannot be opened is to be forgotten)
 *
 * Whoever stops, or dies, begins anew: what has been done is found done. A whole turn that began after the last service
 * stopped sealing under another key, and ends without `former` and `unknown`, proves that the key that seals opens all:
 * what is there during the whole of a SCAN is found by it, and whatever is written after it began is under that key.
 * Redis may show a key twice in one turn. In a cluster each master is looked through; a slot that moves between two of them
 * meanwhile may be missed, so no turn that is to prove something is made while slots are moved.
 *
 * What expires by itself, such as answers that are kept for a repeated call, is not looked at.
 */
export type RotationStep =
  /** About how many keys of Redis were looked at so far, of whatever kind. */
  | { readonly type: 'scanned'; readonly keys: number }
  | ({ readonly type: 'read' } & SecretPlace)
  | ({ readonly type: SecretState } & SecretPlace)

/** Of a secret: whether the key that seals opens it, another one that is known does, or none; or what was done with it. */
export type SecretState = 'present' | 'former' | 'unknown' | 'resealed' | 'forgotten'

export interface SecretPlace {
  readonly key: string
  readonly field: string
}

/** Seals anew; only looks, and changes nothing; or forgets what no key opens, and changes nothing else. */
export type RotationMode = 'seal' | 'check' | 'forget'

const keysPerPage = 1_000

/** One turn. What is yielded is done; the consumer may stop at any step. */
export async function* rotateMasterKey(
  redis: RedisClient,
  keys: Keys,
  vault: Vault,
  mode: RotationMode,
): AsyncGenerator<RotationStep, void> {
  const turn = { redis, keys, vault, mode }
  yield* rotateHash(turn, keys.deployment, (field) => [deploymentOwner(field)])
  let scanned = 0
  for await (const page of scanKeys(redis, { match: keys.ofConnections, type: 'hash', count: keysPerPage })) {
    for (const key of page) {
      const id = keys.secretsOf(key)
      if (id !== null) yield* rotateHash(turn, key, (field) => [id, `${field}:${id}`])
    }
    scanned += keysPerPage
    yield { type: 'scanned', keys: scanned }
  }
}

interface Turn {
  readonly redis: RedisClient
  readonly keys: Keys
  readonly vault: Vault
  readonly mode: RotationMode
}

/** Every field that is a sealed secret, for whichever of its possible owners it is sealed. */
async function* rotateHash(
  turn: Turn,
  key: string,
  ownersOf: (field: string) => readonly string[],
): AsyncGenerator<RotationStep, void> {
  for (const [field, value] of Object.entries(await turn.redis.hgetall(key))) {
    if (isSealed(value)) yield* rotateField(turn, { key, field }, ownersOf(field), value)
  }
}

async function* rotateField(
  turn: Turn,
  place: SecretPlace,
  owners: readonly string[],
  value: string,
): AsyncGenerator<RotationStep, void> {
  let read: string | null = value
  // Each further turn means that somebody else has written.
  while (read !== null && isSealed(read)) {
    yield { type: 'read', ...place }
    const state = await settle(turn, place, read, resealFor(turn.vault, owners, read))
    if (state !== null) {
      yield { type: state, ...place }
      return
    }
    read = await turn.redis.hget(place.key, place.field)
  }
}

/** What has become of it; null when it is no longer what was read. */
async function settle(
  { redis, keys, mode }: Turn,
  place: SecretPlace,
  read: string,
  resealing: Resealing,
): Promise<SecretState | null> {
  if (resealing.state === 'former' && mode === 'seal') {
    return (await replaceField(redis, place.key, place.field, read, resealing.resealed)) ? 'resealed' : null
  }
  if (resealing.state === 'unknown' && mode === 'forget') {
    return (await forgetSecret(redis, keys, place, read)) ? 'forgotten' : null
  }
  return resealing.state
}

function resealFor(vault: Vault, owners: readonly string[], sealed: string): Resealing {
  const all = owners.map((owner) => vault.reseal(owner, sealed))
  return all.find(({ state }) => state !== 'unknown') ?? { state: 'unknown' }
}

/** How each secret was found or left in one turn. */
export class RotationTally {
  readonly #places = new Map<string, { readonly type: SecretState } & SecretPlace>()

  add(step: RotationStep): void {
    if (step.type === 'scanned' || step.type === 'read') return
    const place = `${step.key} ${step.field}`
    // Shown a second time, what was sealed anew is found under the key that seals.
    if (this.#places.get(place)?.type === 'resealed' && step.type === 'present') return
    this.#places.set(place, step)
  }

  get total(): number {
    return this.#places.size
  }

  count(type: SecretState): number {
    return this.#of(type).length
  }

  /** Where the secrets are that no key opens. */
  get unknown(): readonly SecretPlace[] {
    return this.#of('unknown')
  }

  #of(type: SecretState) {
    return [...this.#places.values()].filter((place) => place.type === type)
  }
}
