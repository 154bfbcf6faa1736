import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { InvariantError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'

/**
 * E-mail addresses at rest. Each connection has a random data key, which the vault seals under the deployment's master
 * key; from it come one key that encrypts and one that makes fingerprints. So nothing can be read or guessed without the
 * master key, the fingerprints of two connections have nothing in common, and once the data key is erased, what may be
 * left in a backup is noise.
 */
export interface AddressCipher {
  /** Equal for equal addresses of the connection, and tells nothing else: 22 characters of base64url. */
  fingerprint(address: string): string
  /** Encrypts an address for one place (a field); moved to another one it does not open. */
  seal(place: string, address: string): string
  /** @throws InvariantError when it was sealed for another place, under another key, or was changed. */
  open(place: string, sealed: string): string
}

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16
/** 128 bits: two of a million addresses share a fingerprint with a probability of 10^-27. */
const fingerprintBytes = 16

/** A new data key, in base64. */
export function createDataKey(): Secret {
  return new Secret(randomBytes(keyBytes).toString('base64'))
}

/** The cipher of the connection whose data key this is. */
export function createAddressCipher(dataKey: Secret): AddressCipher {
  const root = Buffer.from(dataKey.reveal(), 'base64')
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', root, '', purpose, keyBytes))
  const encryptionKey = derive('candidate-emails/encryption/1')
  const fingerprintKey = derive('candidate-emails/fingerprint/1')
  return {
    fingerprint: (address) =>
      createHmac('sha256', fingerprintKey).update(address).digest().subarray(0, fingerprintBytes).toString('base64url'),

    seal(place, address) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, iv).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(address, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },

    open(place, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      const [iv, tag] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes, ivBytes + tagBytes)]
      try {
        const decipher = createDecipheriv('aes-256-gcm', encryptionKey, iv, { authTagLength: tagBytes })
        decipher.setAAD(Buffer.from(place)).setAuthTag(tag)
        return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        throw new InvariantError('A sealed address does not open')
      }
    },
  }
}
