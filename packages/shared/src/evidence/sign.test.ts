import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SignedEvidence } from '../contract/evidence.ts'
import { Secret } from '../runtime/secret.ts'
import { exampleEvidence } from '../testing/evidence.ts'
import { toCanonicalJson } from './canonical.ts'
import { createEvidenceSigner, verifyEvidence } from './sign.ts'

const seed = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))
const signer = createEvidenceSigner(seed(1))
const signed = signer.sign(exampleEvidence)

test('what was signed is valid, also after it was written and read again in another order of members', () => {
  const { evidence, signature } = SignedEvidence.parse(JSON.parse(JSON.stringify(signed)))
  const reordered = { signature, evidence: Object.fromEntries(Object.entries(evidence).reverse()) }
  for (const document of [signed, { evidence, signature }, reordered]) {
    expect(verifyEvidence(document, signer.publicKeyPem)).toEqual({ state: 'valid', evidence: exampleEvidence })
  }
})

test('the signature is plain Ed25519 over the canonical JSON, for whoever verifies without this software', () => {
  const signature = Buffer.from(signed.signature.value, 'base64url')
  const text = Buffer.from(toCanonicalJson(exampleEvidence))
  expect(verify(null, text, createPublicKey(signer.publicKeyPem), signature)).toBe(true)
})

test('the same seed gives the same key pair, another one another', () => {
  const [again, other] = [createEvidenceSigner(seed(1)), createEvidenceSigner(seed(2))]
  expect(again.publicKeyPem).toBe(signer.publicKeyPem)
  expect(again.sign(exampleEvidence)).toEqual(signed)
  expect(other.publicKeyPem).not.toBe(signer.publicKeyPem)
})

test('of several public keys the one that it was signed with counts, wherever it stands', () => {
  const [later, latest] = [2, 3].map((byte) => createEvidenceSigner(seed(byte)))
  for (const keys of [
    [later, signer],
    [signer, later],
    [latest, later, signer],
  ]) {
    const pem = keys.map((key) => key?.publicKeyPem).join('\n')
    expect(verifyEvidence(signed, pem)).toMatchObject({ state: 'valid' })
  }
  const changed = { ...signed, evidence: { ...signed.evidence, tenantId: 'globex' } }
  expect(verifyEvidence(changed, `${later?.publicKeyPem}${signer.publicKeyPem}`)).toMatchObject({
    reason: expect.stringContaining('changed'),
  })
  expect(verifyEvidence(signed, `${later?.publicKeyPem}${latest?.publicKeyPem}`)).toMatchObject({
    reason: `it was signed with key ${signer.keyId}, but what was given is ${later?.keyId}, ${latest?.keyId}`,
  })
})

test('a signer tells the keys from before with its own, which stands first', () => {
  const next = createEvidenceSigner(seed(2), [signer.publicKeyPem])
  expect(next.publicKeysPem).toBe(`${next.publicKeyPem}${signer.publicKeyPem}`)
  expect(verifyEvidence(signed, next.publicKeysPem)).toMatchObject({ state: 'valid' })
  expect(verifyEvidence(next.sign(exampleEvidence), next.publicKeysPem)).toMatchObject({ state: 'valid' })
})

type Path = readonly (string | number)[]

/** The path of every value in the document, groups and lists included. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [...(path.length > 0 ? [path] : []), ...members.flatMap(([name, member]) => pathsIn(member, [...path, name]))]
}

/** The document with one value changed; without it when the change gives undefined. */
function changeAt(value: unknown, [name, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (name === undefined) return change(value)
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(Object(value))
  const changed = members.map(
    ([each, member]) => [each, each === name ? changeAt(member, rest, change) : member] as const,
  )
  const kept = changed.filter(([, member]) => member !== undefined)
  return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept)
}

const anyPath = fc.constantFrom(...pathsIn(signed))

test('a change of any value is found', () => {
  const likely = fc.constantFrom<unknown>(
    0,
    1,
    '',
    null,
    [],
    {},
    'full',
    'stale',
    '2026-11-23T10:15:00.001Z',
    '0'.repeat(64),
  )
  fc.assert(
    fc.property(anyPath, fc.oneof(likely, fc.jsonValue(), fc.nat()), (path, other) => {
      const changed = changeAt(signed, path, () => other)
      fc.pre(toCanonicalJson(changed) !== toCanonicalJson(signed))
      expect(verifyEvidence(changed, signer.publicKeyPem).state).toBe('invalid')
    }),
    { numRuns: 500 },
  )
})

test('a value of the same kind in the place of any other is found', () => {
  for (const path of pathsIn(signed)) {
    const changed = changeAt(signed, path, (value) => {
      if (typeof value === 'number') return value + 1
      if (typeof value === 'string') return `${value.startsWith('a') ? 'b' : 'a'}${value.slice(1)}`
      return value === null ? 1 : undefined
    })
    expect(verifyEvidence(changed, signer.publicKeyPem).state, path.join('.')).toBe('invalid')
  }
})

test('no other text of the signature passes, not even one that stands for the same bytes', () => {
  const { value } = signed.signature
  const spare = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (const last of spare) {
    const signature = { ...signed.signature, value: `${value.slice(0, -1)}${last}` }
    const expected = signature.value === value ? 'valid' : 'invalid'
    expect(verifyEvidence({ ...signed, signature }, signer.publicKeyPem).state).toBe(expected)
  }
})

test('an addition anywhere, or something taken away, is found', () => {
  const groups = pathsIn(signed).filter((path) => {
    let at: unknown = signed
    for (const name of path) at = Reflect.get(Object(at), name)
    return typeof at === 'object' && at !== null && !Array.isArray(at)
  })
  expect(groups.length).toBeGreaterThan(10)
  for (const path of [[], ...groups]) {
    for (const name of ['note', '__proto__', 'toString']) {
      const changed = changeAt(signed, path, (group) =>
        Object.fromEntries([...Object.entries(Object(group)), [name, {}]]),
      )
      expect(verifyEvidence(changed, signer.publicKeyPem).state, [...path, name].join('.')).toBe('invalid')
    }
  }
  for (const path of pathsIn(signed)) {
    const changed = changeAt(signed, path, () => undefined)
    expect(verifyEvidence(changed, signer.publicKeyPem).state, path.join('.')).toBe('invalid')
  }
})

test('whatever is given instead of evidence is invalid, with a remedy', () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.record({ evidence: fc.jsonValue(), signature: fc.constant(signed.signature) }),
  )
  fc.assert(
    fc.property(json, (value) => {
      expect(verifyEvidence(value, signer.publicKeyPem)).toMatchObject({
        state: 'invalid',
        remedy: expect.stringMatching(/\.$/),
      })
    }),
  )
})

test('with the public key of another deployment it says whose key is whose', () => {
  const other = createEvidenceSigner(seed(2))
  const result = verifyEvidence(signed, other.publicKeyPem)
  expect(result).toMatchObject({ state: 'invalid', reason: expect.stringContaining(signer.keyId) })
  expect(result).toMatchObject({ reason: expect.stringContaining(other.keyId) })
  const claimed = { ...signed, signature: { ...signed.signature, keyId: other.keyId } }
  expect(verifyEvidence(claimed, other.publicKeyPem)).toMatchObject({ reason: expect.stringContaining('changed') })
})

test('what is no public key for Ed25519 is told as that', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const noKeys = ['', 'key', pem.slice(0, 60), privatePem, `${pem}${privatePem}`]
  for (const key of [...noKeys, rsa.export({ type: 'spki', format: 'pem' }).toString()]) {
    expect(verifyEvidence(signed, key)).toMatchObject({ reason: 'the public key is not an Ed25519 key in PEM' })
  }
})

test('evidence of another version names the version', () => {
  const later = { ...signed, evidence: { ...signed.evidence, version: 2 } }
  expect(verifyEvidence(later, signer.publicKeyPem)).toMatchObject({
    reason: expect.stringContaining('evidence.version'),
    remedy: expect.stringContaining('version of the software'),
  })
})

test('what is not evidence is not signed', () => {
  expect(() => signer.sign({ ...exampleEvidence, requests: -1 })).toThrow('requests')
})

test('the private key and its seed are not on the signer', () => {
  expect(Object.keys(signer).sort()).toEqual(['formerPublicKeys', 'keyId', 'publicKeyPem', 'publicKeysPem', 'sign'])
  expect(signer.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----/)
})
