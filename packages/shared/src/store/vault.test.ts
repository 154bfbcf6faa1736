import { expect, test } from 'vitest'
import { ConfigError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'
import { createVault } from './vault.ts'

const vault = createVault(new Secret(Buffer.alloc(32, 1).toString('base64')))
const secret = new Secret('the secret of a consumer')

test('a sealed secret opens for its owner and shows nothing of itself', () => {
  const sealed = vault.seal('con_1', secret)
  expect(vault.open('con_1', sealed).reveal()).toBe(secret.reveal())
  expect(sealed).not.toContain(secret.reveal())
  expect(sealed).not.toContain(Buffer.from(secret.reveal()).toString('base64'))
})

test('the same secret is never sealed to the same text', () => {
  expect(vault.seal('con_1', secret)).not.toBe(vault.seal('con_1', secret))
})

test('it opens neither for another owner nor under another master key', () => {
  const sealed = vault.seal('con_1', secret)
  const other = createVault(new Secret(Buffer.alloc(32, 2).toString('base64')))
  expect(() => vault.open('con_2', sealed)).toThrow(ConfigError)
  expect(() => other.open('con_1', sealed)).toThrow(/MASTER_KEY/)
})

test('a changed byte is noticed', () => {
  const sealed = JSON.parse(vault.seal('con_1', secret))
  const data = Buffer.from(sealed.data, 'base64')
  data[data.length - 1] = (data.at(-1) ?? 0) ^ 1
  expect(() => vault.open('con_1', JSON.stringify({ ...sealed, data: data.toString('base64') }))).toThrow(ConfigError)
})
