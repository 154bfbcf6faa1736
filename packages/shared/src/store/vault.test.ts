import { describe, expect, test } from 'vitest'
import { ConfigError, InvariantError } from '../runtime/errors.ts'
import { Secret } from '../runtime/secret.ts'
import { createVault, isSealed, masterKeyId, sealedPart } from './vault.ts'

const keyOf = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'))
const vault = createVault(keyOf(1))
const secret = new Secret('the secret of a consumer')
/** Sealed under `keyOf(1)` for `con_1` by the version that knew one master key only. */
const sealedBefore = JSON.stringify({
  format: 'aes-256-gcm/1',
  key: '6vakDpSuT/Ap/IXmMPLyjjG6gfXVm8B45MJP4xpCiDr2KvKxUisOKCcDcbPQKHgt0BB6FA64ShvQGd7J',
  data: 'th9PHGTY5VfyGdTT5jVKOJnbSUmZeKhIldELpXfObNAZ8d+Xz7xd85+Bipfh8dPADdPEEQ==',
})

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
  expect(() => vault.open('con_2', sealed)).toThrow(ConfigError)
  expect(() => createVault(keyOf(2)).open('con_1', sealed)).toThrow(/MASTER_KEY/)
})

test('a changed byte is noticed', () => {
  const sealed = JSON.parse(vault.seal('con_1', secret))
  const data = Buffer.from(sealed.data, 'base64')
  data[data.length - 1] = (data.at(-1) ?? 0) ^ 1
  expect(() => vault.open('con_1', JSON.stringify({ ...sealed, data: data.toString('base64') }))).toThrow(ConfigError)
})

test.each(['', 'null', '{}', '{"format":"aes-256-gcm/2","key":"","data":""}', 'secret'])(
  'what is no sealed secret is told as that, without a word of it: %j',
  (text) => {
    expect(isSealed(text)).toBe(false)
    for (const use of [vault.open, vault.reseal, sealedPart]) {
      expect(() => use('con_1', text)).toThrow(InvariantError)
      expect(() => use('con_1', text)).toThrow(/^What should be a sealed secret is none$/)
    }
  },
)

describe('with several master keys', () => {
  const [former, both] = [createVault(keyOf(1)), createVault(keyOf(2), [keyOf(1)])]
  const later = createVault(keyOf(2))

  test('all of them open, and the first one seals', () => {
    expect(both.open('con_1', former.seal('con_1', secret)).reveal()).toBe(secret.reveal())
    const sealed = both.seal('con_1', secret)
    expect(later.open('con_1', sealed).reveal()).toBe(secret.reveal())
    expect(() => former.open('con_1', sealed)).toThrow(masterKeyId(keyOf(2)))
  })

  test('what was sealed before keys had ids opens, and can be sealed anew', () => {
    expect(both.open('con_1', sealedBefore).reveal()).toBe(secret.reveal())
    expect(former.reseal('con_1', sealedBefore)).toEqual({ state: 'present' })
    const resealing = both.reseal('con_1', sealedBefore)
    if (resealing.state !== 'former') throw new Error(resealing.state)
    expect(later.open('con_1', resealing.resealed).reveal()).toBe(secret.reveal())
  })

  test('sealing anew changes the data key alone, and is done once', () => {
    const sealed = former.seal('con_1', secret)
    const resealing = both.reseal('con_1', sealed)
    if (resealing.state !== 'former') throw new Error(resealing.state)
    expect(sealedPart('con_1', resealing.resealed)).toBe(sealedPart('con_1', sealed))
    expect(later.open('con_1', resealing.resealed).reveal()).toBe(secret.reveal())
    expect(both.reseal('con_1', resealing.resealed)).toEqual({ state: 'present' })
  })

  test('what none of them opens is not sealed anew: another key, another owner', () => {
    const foreign = createVault(keyOf(3)).seal('con_1', secret)
    expect(both.reseal('con_1', foreign)).toEqual({ state: 'unknown' })
    expect(both.reseal('con_2', former.seal('con_1', secret))).toEqual({ state: 'unknown' })
    expect(() => both.open('con_1', foreign)).toThrow(masterKeyId(keyOf(3)))
  })

  test('a key that is given twice does no harm', () => {
    expect(createVault(keyOf(1), [keyOf(1)]).reseal('con_1', sealedBefore)).toEqual({ state: 'present' })
  })
})

test('a key is named by an id that is always the same and tells nothing of it', () => {
  expect(masterKeyId(keyOf(1))).toBe('7a434bf4')
  expect(masterKeyId(keyOf(2))).not.toBe(masterKeyId(keyOf(1)))
})
