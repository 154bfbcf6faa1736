import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { SignedEvidence, SyncEvidence } from '../contract/evidence.ts'
import type { Secret } from '../runtime/secret.ts'
import { toCanonicalJson } from './canonical.ts'

/**
 * Evidence is signed with an Ed25519 key of the deployment (`signing-key.ts`), so that every replica has the same one. The
 * key signs nothing else. What is signed is the canonical JSON of the evidence; the
 * rest of the document (algorithm, key id) must fit the public key that the verifier trusts, so no byte of it is free.
 */
export interface EvidenceSigner {
  /** @throws ZodError when the evidence is not what the contract says; it is never signed then. */
  sign(evidence: SyncEvidence): SignedEvidence
  /** SubjectPublicKeyInfo in PEM. */
  readonly publicKeyPem: string
  /** What evidence was signed with before, in PEM, the latest first. */
  readonly formerPublicKeys: readonly string[]
  /** All of them in one text, the present one first: what a verifier needs. */
  readonly publicKeysPem: string
  readonly keyId: string
}

export type Verification =
  | { readonly state: 'valid'; readonly evidence: SyncEvidence }
  | { readonly state: 'invalid'; readonly reason: string; readonly remedy: string }

export const seedBytes = 32
/** What stands before the seed in a PKCS #8 key of Ed25519 (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** `seed` is 32 bytes in base64. The same seed always gives the same key pair. */
export function createEvidenceSigner(seed: Secret, formerPublicKeys: readonly string[] = []): EvidenceSigner {
  const der = Buffer.concat([pkcs8Prefix, Buffer.from(seed.reveal(), 'base64')])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const keyId = keyIdOf(publicKey)
  return {
    sign(evidence) {
      const said = SyncEvidence.parse(evidence)
      const value = sign(null, Buffer.from(toCanonicalJson(said)), privateKey).toString('base64url')
      return { evidence: said, signature: { algorithm: 'Ed25519', keyId, value } }
    },
    publicKeyPem,
    formerPublicKeys,
    publicKeysPem: [publicKeyPem, ...formerPublicKeys].join(''),
    keyId,
  }
}

/**
 * Says whether a document is evidence that the owner of one of the public keys has signed, unchanged to the last field.
 * `json` is the parsed document, of whatever shape. Never throws; what is invalid comes with what to do about it.
 */
export function verifyEvidence(json: unknown, publicKeysPem: string): Verification {
  const publicKeys = readPublicKeys(publicKeysPem)
  if (publicKeys.length === 0) {
    return invalid('the public key is not an Ed25519 key in PEM', 'Download it anew: GET /v1/evidence/public-key.')
  }
  const document = SignedEvidence.safeParse(json)
  if (!document.success) {
    return invalid(
      `it is no signed evidence of version 1: ${firstIssue(document.error)}`,
      'Give the document as it was downloaded with Accept: application/json. If it is, verify it with the version of the ' +
        'software that made it.',
    )
  }
  const { evidence, signature } = document.data
  const publicKey = publicKeys.find((key) => keyIdOf(key) === signature.keyId)
  if (publicKey === undefined) {
    return invalid(
      `it was signed with key ${signature.keyId}, but what was given is ${publicKeys.map(keyIdOf).join(', ')}`,
      'Give the public keys of the deployment that made it: GET /v1/evidence/public-key has the present one and those before it.',
    )
  }
  // The schema drops some names that JavaScript has a use of its own for; they would be an addition all the same.
  const isWhole = isDeepStrictEqual(json, document.data)
  if (isWhole && isSigned(evidence, signature.value, publicKey)) return { state: 'valid', evidence }
  return invalid(
    'the signature does not fit the evidence: something was changed after it was signed',
    'Do not rely on it. Download the evidence of the sync anew.',
  )
}

function isSigned(evidence: unknown, value: string, publicKey: KeyObject): boolean {
  const signature = Buffer.from(value, 'base64url')
  // The last character of the text has bits to spare, which another text could use.
  if (signature.toString('base64url') !== value) return false
  return verify(null, Buffer.from(toCanonicalJson(evidence)), publicKey, signature)
}

const publicKeyBlock = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g

/** The Ed25519 keys of a PEM text that has nothing but public keys; none of any other text. */
function readPublicKeys(pem: string): KeyObject[] {
  // Node makes a public key of a private one, too; nobody who verifies should have that.
  if (pem.replace(publicKeyBlock, '').trim() !== '') return []
  return (pem.match(publicKeyBlock) ?? []).map(readPublicKey).filter((key) => key !== null)
}

function readPublicKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null
  }
}

function keyIdOf(publicKey: KeyObject): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex').slice(0, 16)
}

function invalid(reason: string, remedy: string): Verification {
  return { state: 'invalid', reason, remedy }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  const path = issue?.path.join('.')
  return path ? `${path}: ${issue?.message}` : (issue?.message ?? 'unknown')
}
