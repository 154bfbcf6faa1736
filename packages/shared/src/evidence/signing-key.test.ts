import { expect, test } from 'vitest'
import { Secret } from '../runtime/secret.ts'
import { exampleEvidence } from '../testing/evidence.ts'
import { verifyEvidence } from './sign.ts'
import { readEvidenceSigner, replaceSigningKey, type SecretPlace } from './signing-key.ts'

const keyOf = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))

/** Keeps one secret in memory. */
function createPlace(): SecretPlace & { kept: Secret | null } {
  return {
    kept: null,
    async ensure(_name, first) {
      this.kept ??= first()
      return this.kept
    },
    async replace(_name, next) {
      if (this.kept !== null) this.kept = next(this.kept)
    },
  }
}

test('the first key is the one that was always derived from the master key', async () => {
  const signer = await readEvidenceSigner(createPlace(), keyOf(1))
  // Another key than this, for the same master key, would make all the public keys that auditors keep worthless.
  expect(signer.keyId).toBe('994e39ee0423a1a1')
  expect(signer.formerPublicKeys).toEqual([])
})

test('it stays when the master key is changed', async () => {
  const place = createPlace()
  const before = await readEvidenceSigner(place, keyOf(1))
  for (const [present, ...previous] of [[2, 1], [2], [3, 2]]) {
    const after = await readEvidenceSigner(place, keyOf(present ?? 0), previous.map(keyOf))
    expect(after.publicKeysPem).toBe(before.publicKeysPem)
  }
})

test('evidence from before anything was kept is verified, also when the master key was changed by then', async () => {
  const signed = (await readEvidenceSigner(createPlace(), keyOf(1))).sign(exampleEvidence)
  const { publicKeysPem } = await readEvidenceSigner(createPlace(), keyOf(2), [keyOf(1)])
  expect(verifyEvidence(signed, publicKeysPem)).toMatchObject({ state: 'valid' })
})

test('a new key has nothing to do with a master key, and what the ones before it have signed is verified', async () => {
  const place = createPlace()
  const first = await readEvidenceSigner(place, keyOf(1))
  await replaceSigningKey(place, keyOf(7))
  const second = await readEvidenceSigner(place, keyOf(1))
  await replaceSigningKey(place, keyOf(8))
  const third = await readEvidenceSigner(place, keyOf(1))
  expect(third.formerPublicKeys).toEqual([second.publicKeyPem, first.publicKeyPem])
  for (const signer of [first, second, third]) {
    expect(verifyEvidence(signer.sign(exampleEvidence), third.publicKeysPem)).toMatchObject({ state: 'valid' })
  }
})
