import { expect, it } from 'vitest'
import { createSaveKeys } from './save-key.ts'

it('is the same as long as the same is saved', () => {
  let made = 0
  const keyOf = createSaveKeys(() => `key-${++made}`)
  expect(keyOf({ name: 'Acme', secret: 'a' })).toBe('key-1')
  expect(keyOf({ name: 'Acme', secret: 'a' })).toBe('key-1')
  expect(keyOf({ name: 'Acme', secret: 'b' })).toBe('key-2')
})
