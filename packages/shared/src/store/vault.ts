import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { ConfigError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'

/**
 * Secrets at rest: AES-256-GCM under a data key of their own, which is itself encrypted under the
 * deployment's master key. The owner's id is authenticated with both, so a sealed secret that is copied to
 * another connection does not open.
 */

const Sealed = z.object({
  format: z.literal('aes-256-gcm/1'),
  key: z.string().describe('Data key, encrypted under the master key'),
  data: z.string().describe('Secret, encrypted under the data key'),
})

export interface Vault {
  /** Encrypts `secret` for `owner` (the connection's id). */
  seal(owner: string, secret: Secret): string
  /** @throws ConfigError when the master key is not the one that it was sealed under. */
  open(owner: string, sealed: string): Secret
}

/** `masterKey` is 32 bytes in base64. */
export function createVault(masterKey: Secret): Vault {
  const master = Buffer.from(masterKey.reveal(), 'base64')
  return {
    seal(owner, secret) {
      const dataKey = randomBytes(32)
      return JSON.stringify({
        format: 'aes-256-gcm/1',
        key: encrypt(master, owner, dataKey),
        data: encrypt(dataKey, owner, Buffer.from(secret.reveal(), 'utf8')),
      } satisfies z.infer<typeof Sealed>)
    },
    open(owner, sealed) {
      const { key, data } = Sealed.parse(JSON.parse(sealed))
      try {
        return new Secret(
          decrypt(decrypt(master, owner, Buffer.from(key, 'base64')), owner, Buffer.from(data, 'base64')).toString(
            'utf8',
          ),
        )
      } catch {
        throw new ConfigError([
          {
            field: 'MASTER_KEY',
            message: `does not open the credential of ${owner}`,
            remedy: 'Give every service the master key under which the connection was saved.',
          },
        ])
      }
    },
  }
}

const ivBytes = 12
const tagBytes = 16

function encrypt(key: Buffer, owner: string, plain: Buffer): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

function decrypt(key: Buffer, owner: string, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, ivBytes)
  const tag = sealed.subarray(ivBytes, ivBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}
