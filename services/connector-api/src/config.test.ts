import { ConfigError } from '@clarity/shared/runtime/errors'
import { expect, test } from 'vitest'
import { loadApiConfig } from './config.ts'

const env = {
  REDIS_URL: 'redis://localhost',
  MASTER_KEY: Buffer.alloc(32).toString('base64'),
  KAFKA_BROKERS: 'localhost:9092',
}
const load = (given: Record<string, string>) => loadApiConfig({ ...env, ...given })

function mistakesOf(given: Record<string, string>): readonly [field: string, message: string][] {
  try {
    load(given)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(({ field, message }) => [field, message])
    throw error
  }
  return []
}

test('keys are read by tenant; a key may hold an equals sign', () => {
  const { API_KEYS } = load({ API_KEYS: 'acme=a-long-random-key=, globex=another-long-random-key' })
  expect(API_KEYS.map(({ tenantId, key }) => [tenantId, key.reveal()])).toEqual([
    ['acme', 'a-long-random-key='],
    ['globex', 'another-long-random-key'],
  ])
})

test.each([
  [{}, 'OPERATOR_KEYS', /no caller is known/],
  [{ API_KEYS: 'acme=short' }, 'API_KEYS', /pair 1 has no key of 16/],
  [{ API_KEYS: 'acme=a-long-random-key-1,Globex=a-long-random-key-2' }, 'API_KEYS', /pair 2 does not begin with a/],
  [{ API_KEYS: 'acme=a-long-random-key-1,globex=a-long-random-key-1' }, 'API_KEYS', /the same key is given twice/],
  [{ OPERATOR_KEYS: 'a-long-random-key-1,short' }, 'OPERATOR_KEYS', /key 2 has fewer than 16/],
  [{ API_KEYS: 'acme=a-long-random-key-1', OPERATOR_KEYS: 'a-long-random-key-1' }, 'OPERATOR_KEYS', /given twice/],
  [{ OIDC_ISSUER: 'https://login.example.com' }, 'OIDC_AUDIENCE', /is not set/],
  [{ OIDC_ISSUER: 'login', OIDC_AUDIENCE: 'x' }, 'OIDC_ISSUER', /./],
  [
    { OPERATOR_KEYS: 'a-long-random-key-1', CORS_ORIGINS: 'https://x.example/path' },
    'CORS_ORIGINS',
    /no[t]? an origin/,
  ],
  [{ OPERATOR_KEYS: 'a-long-random-key-1', KAFKA_BROKERS: '' }, 'KAFKA_BROKERS', /ACCESS_VIEW is on/],
  [{ OPERATOR_KEYS: 'a-long-random-key-1', DATABASE_URL: 'mysql://x' }, 'DATABASE_URL', /./],
  [
    { OPERATOR_KEYS: 'a-long-random-key-1', DATABASE_URL: 'postgres://x/y', ACCESS_VIEW_DIR: '/v' },
    'ACCESS_VIEW_DIR',
    /beside DATABASE_URL/,
  ],
])('%j is refused', (given, field, message) => {
  expect(mistakesOf(given)).toEqual([[field, expect.stringMatching(message)]])
})

test('without the access view no Kafka is needed', () => {
  expect(mistakesOf({ OPERATOR_KEYS: 'a-long-random-key-1', KAFKA_BROKERS: '', ACCESS_VIEW: 'off' })).toEqual([])
})

test('a mistake never shows what may be a key', () => {
  const forgotten = 'a-key-without-its-tenant-0123456789'
  for (const given of [{ API_KEYS: forgotten }, { OPERATOR_KEYS: `${forgotten},${forgotten}` }]) {
    expect(JSON.stringify(mistakesOf(given))).not.toContain(forgotten)
    expect(mistakesOf(given)).not.toEqual([])
  }
})
