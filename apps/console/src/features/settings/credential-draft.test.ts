import { expect, test } from 'vitest'
import { ApiProblem } from '../../api/problem.ts'
import { type CredentialDraft, errorsOf, readCredentials } from './credential-draft.ts'

const consumer: CredentialDraft = { id: 0, kind: 'oauth-consumer', key: 'key', secret: 'secret' }
const token: CredentialDraft = { id: 1, kind: 'api-token', key: 'admin@example.test', secret: 'token' }

test('credentials are read in their order', () => {
  const { credentials, errors } = readCredentials([{ ...consumer, key: ' key ' }, token])
  expect(errors).toEqual({})
  expect(credentials).toEqual({
    credential: { kind: 'oauth-consumer', key: 'key', secret: 'secret' },
    moreCredentials: [{ kind: 'api-token', email: 'admin@example.test', token: 'token' }],
  })
  expect(readCredentials([consumer]).credentials).not.toHaveProperty('moreCredentials')
})

test.each<[string, CredentialDraft[], object]>([
  ['no secret', [{ ...consumer, secret: '' }], { '0.secret': 'Enter the secret.' }],
  ['too much', [{ ...consumer, key: 'Key: abc' }], { '0.key': 'It has no spaces; it looks as if more was copied.' }],
  ['no token', [consumer, { ...token, secret: ' ' }], { '1.secret': 'Enter the token.' }],
])('a mistake is told at its field: %s', (_, drafts, errors) => {
  expect(readCredentials(drafts)).toEqual({ credentials: null, errors })
})

test('an address that is none is told at its row', () => {
  const { credentials, errors } = readCredentials([consumer, { ...token, key: 'admin' }])
  expect(credentials).toBeNull()
  expect(Object.keys(errors)).toEqual(['1.key'])
})

test('what the API refuses is told at the fields that it names', () => {
  const problem = new ApiProblem({
    ...{ type: 'urn:clarity:problem:bad-credentials', title: '', status: 422, detail: '', remedy: '', requestId: '' },
    errors: ['credential.secret', 'moreCredentials.0', 'moreCredentials.1.email'].map((field) => ({
      ...{ field, message: 'Not known', remedy: 'Copy it again.' },
    })),
  })
  const text = 'Not known.'
  expect(errorsOf(problem)).toEqual({ '0.secret': text, '1': text, '2.key': text })
})
