import { expect, test } from 'vitest'
import { keyErrorsOf, keyScopes, readKey } from './key-form.ts'

const now = Date.parse('2026-11-01T00:00:00Z')

test('a key is asked for with its permissions and its end', () => {
  const { body, errors } = readKey({ name: ' Report ', scopes: ['access:read'], lifetime: '30' }, now)
  expect(errors).toEqual({})
  expect(body).toEqual({ name: 'Report', scopes: ['access:read'], expiresAt: '2026-12-01T00:00:00.000Z' })
  expect(readKey({ name: 'Report', scopes: ['access:read'], lifetime: 'never' }, now).body?.expiresAt).toBeNull()
})

test('what is missing is told at its field', () => {
  expect(readKey({ name: '', scopes: [], lifetime: '30' }, now)).toEqual({
    body: null,
    errors: { name: 'Say what it is for.', scopes: 'Choose one permission at least.' },
  })
})

test('what the API refuses is told at its field', () => {
  expect(keyErrorsOf([{ field: 'scopes.1', message: 'Not yours', remedy: 'Leave it out.' }])).toEqual({
    scopes: 'Not yours. Leave it out.',
  })
})

test('only permissions of a tenant are offered', () => {
  expect(keyScopes).not.toContain('operator')
})
