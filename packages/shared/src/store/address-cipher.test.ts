import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { InvariantError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'
import { createAddressCipher, createDataKey } from './address-cipher.ts'

const cipherOf = (byte: number) => createAddressCipher(new Secret(Buffer.alloc(32, byte).toString('base64')))
const cipher = cipherOf(1)
const address = 'ann.müller@example.com'

test('a sealed address opens in its place and shows nothing of itself', () => {
  const sealed = cipher.seal('user:a', address)
  expect(cipher.open('user:a', sealed)).toBe(address)
  expect(Buffer.from(sealed, 'base64url').toString('utf8')).not.toContain('ann')
  expect(cipher.seal('user:a', address)).not.toBe(sealed)
})

test('it opens neither in another place nor under another key, nor when a byte was changed', () => {
  const sealed = cipher.seal('user:a', address)
  const changed = Buffer.from(sealed, 'base64url')
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  expect(() => cipher.open('user:b', sealed)).toThrow(InvariantError)
  expect(() => cipherOf(2).open('user:a', sealed)).toThrow(InvariantError)
  expect(() => cipher.open('user:a', changed.toString('base64url'))).toThrow(InvariantError)
  expect(() => cipher.open('user:a', 'x')).toThrow(InvariantError)
})

test('the fingerprint of an address is the same each time, and another one under another key', () => {
  expect(cipher.fingerprint(address)).toBe(cipherOf(1).fingerprint(address))
  expect(cipher.fingerprint(address)).toMatch(/^[\w-]{22}$/)
  expect(cipherOf(2).fingerprint(address)).not.toBe(cipher.fingerprint(address))
  expect(cipher.fingerprint('bea@example.com')).not.toBe(cipher.fingerprint(address))
})

test('a fingerprint cannot be had without the key: it is no plain digest', () => {
  expect(createHash('sha256').update(address).digest('base64url')).not.toContain(cipher.fingerprint(address))
})

test('each data key is another one', () => {
  expect(createDataKey().reveal()).not.toBe(createDataKey().reveal())
  expect(Buffer.from(createDataKey().reveal(), 'base64')).toHaveLength(32)
})
