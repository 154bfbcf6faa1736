import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../runtime/secret.ts'
import { openCredentials, sealCredentials } from './credentials.ts'
import { createVault } from './vault.ts'

const vault = createVault(new Secret(Buffer.alloc(32, 1).toString('base64')))
const consumer = { kind: 'oauth-consumer' as const, key: 'consumer', secret: 'planted-secret' }

test('what was sealed is what the client is given', () => {
  const [credential] = openCredentials(vault, 'con_1', sealCredentials(vault, 'con_1', [consumer]))
  expect(credential).toMatchObject({ kind: 'oauth-consumer', id: 'consumer', key: 'consumer' })
  expect(credential?.kind === 'oauth-consumer' && credential.secret.reveal()).toBe('planted-secret')
})

test.each([
  ['is no JSON', 'planted-secret'],
  ['breaks off', '[{"kind":"oauth-consumer","secret":"planted-secret'],
  ['has another shape', JSON.stringify([{ ...consumer, kind: 'planted-secret', 'planted-secret': 1 }])],
  ['is an empty list', '[]'],
])('a sealed text that %s is told without a word of it', (_, text) => {
  const sealed = vault.seal('con_1', new Secret(text))
  let told = ''
  try {
    openCredentials(vault, 'con_1', sealed)
  } catch (error) {
    told = inspect(error, { depth: null })
  }
  expect(told).toContain('InvariantError')
  expect(told).not.toContain('planted')
})
