import { z } from 'zod'
import type { CandidateEmails, CandidateEmailsResult } from '../contract/candidate-emails.ts'
import { type ConnectionId, ServiceUserId } from '../contract/ids.ts'
import { InputError } from '../runtime/errors.ts'
import { type AddressCipher, createAddressCipher, createDataKey } from './address-cipher.ts'
import type { Keys } from './keys.ts'
import type { RedisClient } from './redis-client.ts'
import { loadScript } from './script.ts'
import { sealedPart, type Vault } from './vault.ts'

/**
 * E-mail addresses that Bitbucket is asked about, of one connection:
 *
 *   waiting -> confirmed              (kept, sealed, with the service user who has it)
 *           -> miss                   (only a fingerprint is kept, and only until somebody new comes)
 *
 * A batch stays waiting until it is settled: whoever dies in between has it asked again. The membership epoch rises when a
 * new member appears, and the misses of the epoch before are forgotten: the caller may send those addresses again.
 */

const addScript = loadScript('add-candidates')
const settleScript = loadScript('settle-candidates')
const raiseScript = loadScript('raise-membership-epoch')
const forgetScript = loadScript('forget-hits')

/** What is asked about in one request. */
export const batchMax = 90
/** Waiting or missed, of one connection: 2,223 requests to Bitbucket, and some 32 MiB of Redis while all of them wait. */
export const candidatesMax = 200_000
/** With the longest addresses some 230 KiB; no call is to be larger than 256 KiB. */
const addressesPerCall = 200
const rowsPerCall = 500

export interface CandidateBatch {
  /** In which the addresses were taken. */
  readonly membershipEpoch: number
  /** From 1 to 90. */
  readonly addresses: readonly string[]
}

export interface CandidateStatus {
  readonly waiting: number
  readonly membershipEpoch: number
  /** Whether Bitbucket has been asked about any address since the last new member came. */
  readonly askedInEpoch: boolean
}

export interface CandidateEmailStore {
  /**
   * Puts addresses, written as `CandidateEmails` writes them, on the list. May be done again with the same.
   * @throws InputError 409 when there are too many, and then some may have been taken; 404 when the connection's
   * addresses were erased meanwhile.
   */
  add(connectionId: ConnectionId, addresses: CandidateEmails['addresses']): Promise<CandidateEmailsResult>
  /** Up to 90 addresses that wait, and go on waiting; null when none does. */
  takeBatch(connectionId: ConnectionId): Promise<CandidateBatch | null>
  /**
   * Keeps what Bitbucket answered for a whole batch: the hits, and of the rest that they are none. An address of `hits`
   * that is not in the batch is ignored. Done again, or after an erasure, it does nothing.
   */
  settle(connectionId: ConnectionId, batch: CandidateBatch, hits: ReadonlyMap<ServiceUserId, string>): Promise<void>
  /** The confirmed addresses. */
  readHits(connectionId: ConnectionId): Promise<Map<ServiceUserId, string>>
  readStatus(connectionId: ConnectionId): Promise<CandidateStatus>
  /** Whether anybody has ever sent an address. */
  isUsed(connectionId: ConnectionId): Promise<boolean>
  /**
   * To be called when a member is seen for the first time, before that is committed: whoever dies in between raises it
   * again, and never is a new member left out.
   */
  raiseMembershipEpoch(connectionId: ConnectionId): Promise<void>
  /** To be called for service users that are gone: their addresses go, and may be asked about again. */
  forget(connectionId: ConnectionId, serviceUserIds: readonly ServiceUserId[]): Promise<void>
  /** Removes everything that is kept of a connection here; what is under way can put nothing back. */
  erase(connectionId: ConnectionId): Promise<void>
}

export function createCandidateEmailStore(redis: RedisClient, keys: Keys, vault: Vault): CandidateEmailStore {
  return new RedisCandidateEmails(redis, keys, vault)
}

class RedisCandidateEmails implements CandidateEmailStore {
  readonly #redis: RedisClient
  readonly #keys: Keys
  readonly #vault: Vault

  constructor(redis: RedisClient, keys: Keys, vault: Vault) {
    this.#redis = redis
    this.#keys = keys
    this.#vault = vault
  }

  async add(connectionId: ConnectionId, addresses: CandidateEmails['addresses']): Promise<CandidateEmailsResult> {
    const { state, waiting, misses, confirmed } = this.#keysOf(connectionId)
    const { sealedKey, cipher } = await this.#ensureDataKey(connectionId)
    // Of the sealed key what stays when it is sealed under another master key meanwhile.
    const dataKey = sealedPart(connectionId, sealedKey)
    let accepted = 0
    for (let from = 0; from < addresses.length; from += addressesPerCall) {
      const entries = addresses.slice(from, from + addressesPerCall).flatMap((address) => {
        const fingerprint = cipher.fingerprint(address)
        return [fingerprint, cipher.seal(fingerprint, address)]
      })
      const scriptKeys = [state, waiting, misses, confirmed]
      const reply = await addScript(this.#redis, scriptKeys, [dataKey, candidatesMax, ...entries])
      accepted += addedOf(AddReply.parse(reply), connectionId)
    }
    return { accepted, alreadyKnown: addresses.length - accepted, waiting: await this.#redis.hlen(waiting) }
  }

  async takeBatch(connectionId: ConnectionId): Promise<CandidateBatch | null> {
    const { state, waiting } = this.#keysOf(connectionId)
    // First: with an epoch that is over by the time of the answer no miss is kept, with a later one it would be.
    const epoch = await this.#redis.hget(state, 'epoch')
    const cipher = await this.#readCipher(connectionId)
    if (cipher === null) return null
    const flat = z.array(z.string()).parse(await this.#redis.hrandfield(waiting, batchMax, 'WITHVALUES'))
    const addresses = pairs(flat).map(([fingerprint, sealed]) => cipher.open(fingerprint, sealed))
    return addresses.length === 0 ? null : { membershipEpoch: Number(epoch ?? 0), addresses }
  }

  async settle(
    connectionId: ConnectionId,
    { membershipEpoch, addresses }: CandidateBatch,
    hits: ReadonlyMap<ServiceUserId, string>,
  ): Promise<void> {
    const own = this.#keysOf(connectionId)
    const cipher = await this.#readCipher(connectionId)
    if (cipher === null) return
    const missed = new Set(addresses)
    const found = [...hits].filter(([, address]) => missed.delete(address))
    await settleScript(
      this.#redis,
      [own.state, own.waiting, own.misses, own.confirmed, own.hits],
      [
        membershipEpoch,
        missed.size,
        ...[...missed].map((address) => cipher.fingerprint(address)),
        ...found.flatMap(([user, address]) => [cipher.fingerprint(address), user, cipher.seal(user, address)]),
      ],
    )
  }

  async readHits(connectionId: ConnectionId): Promise<Map<ServiceUserId, string>> {
    const own = this.#keysOf(connectionId)
    const cipher = await this.#readCipher(connectionId)
    const hits = new Map<ServiceUserId, string>()
    if (cipher === null) return hits
    let cursor = '0'
    do {
      const [next, flat] = await this.#redis.hscan(own.hits, cursor, 'COUNT', rowsPerCall)
      for (const [user, hit] of pairs(flat)) {
        hits.set(ServiceUserId.parse(user), cipher.open(user, hit.slice(hit.indexOf(':') + 1)))
      }
      cursor = next
    } while (cursor !== '0')
    return hits
  }

  async readStatus(connectionId: ConnectionId): Promise<CandidateStatus> {
    const { state, waiting } = this.#keysOf(connectionId)
    const [epoch, askedEpoch] = await this.#redis.hmget(state, 'epoch', 'askedEpoch')
    const membershipEpoch = Number(epoch ?? 0)
    const askedInEpoch = Number(askedEpoch ?? -1) === membershipEpoch
    return { waiting: await this.#redis.hlen(waiting), membershipEpoch, askedInEpoch }
  }

  async isUsed(connectionId: ConnectionId): Promise<boolean> {
    return (await this.#redis.hexists(this.#keysOf(connectionId).state, 'key')) === 1
  }

  async raiseMembershipEpoch(connectionId: ConnectionId): Promise<void> {
    const { state, misses } = this.#keysOf(connectionId)
    await raiseScript(this.#redis, [state, misses], [])
  }

  async forget(connectionId: ConnectionId, serviceUserIds: readonly ServiceUserId[]): Promise<void> {
    const { confirmed, hits } = this.#keysOf(connectionId)
    for (let from = 0; from < serviceUserIds.length; from += rowsPerCall) {
      await forgetScript(this.#redis, [confirmed, hits], serviceUserIds.slice(from, from + rowsPerCall))
    }
  }

  async erase(connectionId: ConnectionId): Promise<void> {
    await this.#redis.unlink(...Object.values(this.#keysOf(connectionId)))
  }

  #keysOf(connectionId: ConnectionId) {
    return this.#keys.connection(connectionId).emails
  }

  /** Null when the connection has no data key: then nothing is kept of it. */
  async #readCipher(connectionId: ConnectionId): Promise<AddressCipher | null> {
    const sealedKey = await this.#redis.hget(this.#keysOf(connectionId).state, 'key')
    return sealedKey === null ? null : this.#open(connectionId, sealedKey)
  }

  /** The data key of the connection, made now if it has none. @throws InputError */
  async #ensureDataKey(connectionId: ConnectionId): Promise<{ sealedKey: string; cipher: AddressCipher }> {
    const { state } = this.#keysOf(connectionId)
    const known = await this.#redis.hget(state, 'key')
    if (known === null) await this.#redis.hsetnx(state, 'key', this.#vault.seal(connectionId, createDataKey()))
    // Somebody else's, if that was first.
    const sealedKey = known ?? (await this.#redis.hget(state, 'key'))
    if (sealedKey === null) throw erased(connectionId)
    return { sealedKey, cipher: this.#open(connectionId, sealedKey) }
  }

  #open(connectionId: ConnectionId, sealedKey: string): AddressCipher {
    return createAddressCipher(this.#vault.open(connectionId, sealedKey))
  }
}

const AddReply = z.union([z.tuple([z.literal('added'), z.int()]), z.tuple([z.enum(['full', 'erased'])])])

function addedOf(reply: z.infer<typeof AddReply>, connectionId: ConnectionId): number {
  if (reply[0] === 'added') return reply[1]
  if (reply[0] === 'erased') throw erased(connectionId)
  throw new InputError('too-many-candidate-emails', `At most ${candidatesMax} addresses can be waiting or missed`, {
    remedy: 'Send fewer: those of people who may be in the workspace. The list begins anew when a new member comes.',
    context: { connectionId },
  })
}

function erased(connectionId: ConnectionId): InputError {
  return new InputError('no-such-connection', `There is no connection ${connectionId}`, {
    remedy: 'It was removed while the addresses were being taken.',
    context: { connectionId },
  })
}

/** Fields with their values, as Redis answers them: one after the other. */
function pairs(flat: readonly string[]): [field: string, value: string][] {
  const found: [string, string][] = []
  for (let index = 0; index + 1 < flat.length; index += 2) found.push([flat[index] ?? '', flat[index + 1] ?? ''])
  return found
}
