import { loadConfig } from '@clarity/shared/runtime/config'
import { expect, test } from 'vitest'
import { variables } from './config.ts'

const env = { REDIS_URL: 'redis://localhost', MASTER_KEY: Buffer.alloc(32).toString('base64') }
const load = (API_KEYS: string) => loadConfig(variables, { ...env, API_KEYS })

test('keys are read by tenant; a key may hold an equals sign', () => {
  const { API_KEYS } = load('acme=a-long-random-key=, globex=another-long-random-key')
  expect(API_KEYS.map(({ tenantId, key }) => [tenantId, key.reveal()])).toEqual([
    ['acme', 'a-long-random-key='],
    ['globex', 'another-long-random-key'],
  ])
})

test.each([
  ['acme=short', /pair 1 has no key of 16/],
  ['acme=a-long-random-key-1,Globex=a-long-random-key-2', /pair 2 does not begin with a tenant id/],
  ['acme=a-long-random-key-1,globex=a-long-random-key-1', /the same key is given twice/],
])('%s is refused', (value, message) => {
  expect(() => load(value)).toThrow(message)
})

test('a mistake never shows what may be a key', () => {
  const forgotten = 'a-key-without-its-tenant-0123456789'
  expect(() => load(forgotten)).toThrow()
  try {
    load(forgotten)
  } catch (error) {
    expect(String(error)).not.toContain(forgotten)
  }
})
