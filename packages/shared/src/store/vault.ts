import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { ConfigError, InvariantError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'

/**
 * Secrets at rest: AES-256-GCM under a data key of their own, which is itself encrypted under a master key of the
 * deployment. The owner's id is authenticated with both, so a sealed secret that is copied to another owner does not open.
 *
 * Several master keys may be known: the first one seals, all of them open. What is sealed names its master key, and
 * `reseal` brings it under the first one: only the data key is encrypted anew, so the secret itself is not touched, and
 * the text of its part stays as it was.
 */

const Sealed = z.object({
  format: z.literal('aes-256-gcm/1'),
  keyId: z.string().optional().describe('Of the master key; absent in what was sealed when there was only one'),
  key: z.string().describe('Data key, encrypted under the master key'),
  data: z.string().describe('Secret, encrypted under the data key'),
})
type Sealed = z.infer<typeof Sealed>

/** `present`: it is under the key that seals. `unknown`: no key that is known opens it. */
export type Resealing =
  | { readonly state: 'present' | 'unknown' }
  | { readonly state: 'former'; readonly resealed: string }

export interface Vault {
  /** Encrypts `secret` for `owner`: the connection's id for its credentials, `<what>:<id>` for whatever else is kept. */
  seal(owner: string, secret: Secret): string
  /**
   * @throws ConfigError when none of the master keys is the one that it was sealed under, or it was sealed for another
   * owner; InvariantError when it is no sealed secret at all
   */
  open(owner: string, sealed: string): Secret
  /** The same secret under the key that seals. @throws InvariantError when it is no sealed secret */
  reseal(owner: string, sealed: string): Resealing
}

interface MasterKey {
  readonly id: string
  readonly bytes: Buffer
}

/** Keys are 32 bytes in base64; `masterKey` seals, the `previous` ones only open. */
export function createVault(masterKey: Secret, previous: readonly Secret[] = []): Vault {
  const sealing = toMasterKey(masterKey)
  const known = [sealing, ...previous.map(toMasterKey).filter(({ id }) => id !== sealing.id)]
  return {
    seal(owner, secret) {
      const dataKey = randomBytes(keyBytes)
      return JSON.stringify({
        format: 'aes-256-gcm/1',
        keyId: sealing.id,
        key: encrypt(sealing.bytes, owner, dataKey),
        data: encrypt(dataKey, owner, Buffer.from(secret.reveal(), 'utf8')),
      } satisfies Sealed)
    },
    open(owner, text) {
      const sealed = parse(owner, text)
      const dataKey = openDataKey(known, owner, sealed)?.dataKey
      const secret = dataKey && decrypt(dataKey, owner, Buffer.from(sealed.data, 'base64'))
      if (!secret) throw doesNotOpen(owner, sealed)
      return new Secret(secret.toString('utf8'))
    },
    reseal(owner, text) {
      const sealed = parse(owner, text)
      const found = openDataKey(known, owner, sealed)
      if (found === null) return { state: 'unknown' }
      if (found.master === sealing) return { state: 'present' }
      const renewed: Sealed = { ...sealed, keyId: sealing.id, key: encrypt(sealing.bytes, owner, found.dataKey) }
      return { state: 'former', resealed: JSON.stringify(renewed) }
    },
  }
}

/** Names a master key and tells nothing of it: 8 hexadecimal digits. */
export function masterKeyId(masterKey: Secret): string {
  return toMasterKey(masterKey).id
}

/** Whether a text is a sealed secret. */
export function isSealed(text: string): boolean {
  return toSealed(text) !== null
}

/** What of a sealed secret stays the same when it is sealed anew, and is never the same for two. @throws InvariantError */
export function sealedPart(owner: string, sealed: string): string {
  return parse(owner, sealed).data
}

const keyBytes = 32
const keyIdBytes = 4
const ivBytes = 12
const tagBytes = 16

function toMasterKey(secret: Secret): MasterKey {
  const bytes = Buffer.from(secret.reveal(), 'base64')
  const id = Buffer.from(hkdfSync('sha256', bytes, '', 'vault/key-id/1', keyIdBytes)).toString('hex')
  return { id, bytes }
}

function toSealed(text: string): Sealed | null {
  try {
    return Sealed.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function parse(owner: string, text: string): Sealed {
  const sealed = toSealed(text)
  if (sealed === null) throw new InvariantError('What should be a sealed secret is none', { owner })
  return sealed
}

function openDataKey(known: readonly MasterKey[], owner: string, { keyId, key }: Sealed) {
  const sealedKey = Buffer.from(key, 'base64')
  for (const master of known.filter(({ id }) => keyId === undefined || keyId === id)) {
    const dataKey = decrypt(master.bytes, owner, sealedKey)
    if (dataKey !== null) return { master, dataKey }
  }
  return null
}

function doesNotOpen(owner: string, { keyId }: Sealed): ConfigError {
  const sealedUnder = keyId === undefined ? '' : `, which was sealed under the master key ${keyId}`
  return new ConfigError([
    {
      field: 'MASTER_KEY',
      message: `does not open the secret of ${owner}${sealedUnder}`,
      remedy:
        'Give every service the master key under which it was saved, in MASTER_KEY or among MASTER_KEYS_PREVIOUS. ' +
        'docs/security.md says how keys are changed.',
    },
  ])
}

function encrypt(key: Buffer, owner: string, plain: Buffer): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

/** Null when it was encrypted under another key or for another owner, or was changed. */
function decrypt(key: Buffer, owner: string, sealed: Buffer): Buffer | null {
  const iv = sealed.subarray(0, ivBytes)
  const tag = sealed.subarray(ivBytes, ivBytes + tagBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
    return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
  } catch {
    return null
  }
}
