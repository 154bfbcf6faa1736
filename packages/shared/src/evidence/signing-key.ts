import { hkdfSync } from 'node:crypto'
import { z } from 'zod'
import { parseSecret, Secret } from '../runtime/secret.ts'
import { createEvidenceSigner, type EvidenceSigner, seedBytes } from './sign.ts'

/**
 * The deployment's signing key, which outlives its master keys: a seed that is kept as a secret of the deployment, so that
 * changing the master key only seals it anew, and whoever has the public key goes on verifying with it. With it stand the
 * public keys that evidence was signed with before, inside the same sealed text: nobody who can only write to Redis can put
 * one of their own among them.
 *
 * The first seed is derived from the master key, as every seed was before there was one to keep: evidence of then and of
 * now has the same key. Where the master key was changed before anything was kept, the keys that were derived from the
 * others count as former ones.
 */

const KeptKey = z.object({ seed: z.base64(), formerPublicKeys: z.array(z.string()) })
type KeptKey = z.infer<typeof KeptKey>

/** Where secrets of the deployment are kept. */
export interface SecretPlace {
  ensure(name: string, first: () => Secret): Promise<Secret>
  replace(name: string, next: (present: Secret) => Secret): Promise<void>
}

const name = 'evidence-signing-key'

/** The signer of this deployment; the same one in every service. Master keys are 32 bytes in base64, as the vault takes them. */
export async function readEvidenceSigner(
  place: SecretPlace,
  masterKey: Secret,
  previous: readonly Secret[] = [],
): Promise<EvidenceSigner> {
  return toSigner(await place.ensure(name, () => firstKey(masterKey, previous)))
}

/** Puts `seed` (32 random bytes in base64) in the place of the present one, whose public key stays among the former ones. */
export async function replaceSigningKey(place: SecretPlace, seed: Secret): Promise<void> {
  await place.replace(name, (present) => {
    const { publicKeyPem, formerPublicKeys } = toSigner(present)
    return toSecret({ seed: seed.reveal(), formerPublicKeys: [publicKeyPem, ...formerPublicKeys] })
  })
}

function firstKey(masterKey: Secret, previous: readonly Secret[]): Secret {
  const formerPublicKeys = previous.map((key) => createEvidenceSigner(derivedSeed(key)).publicKeyPem)
  return toSecret({ seed: derivedSeed(masterKey).reveal(), formerPublicKeys })
}

function derivedSeed(masterKey: Secret): Secret {
  const master = Buffer.from(masterKey.reveal(), 'base64')
  return new Secret(Buffer.from(hkdfSync('sha256', master, '', 'evidence/ed25519/1', seedBytes)).toString('base64'))
}

function toSigner(kept: Secret): EvidenceSigner {
  const { seed, formerPublicKeys } = parseSecret(KeptKey, kept)
  return createEvidenceSigner(new Secret(seed), formerPublicKeys)
}

function toSecret(key: KeptKey): Secret {
  return new Secret(JSON.stringify(key))
}
