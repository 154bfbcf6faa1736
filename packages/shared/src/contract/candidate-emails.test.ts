import { expect, test } from 'vitest'
import { CandidateEmails } from './candidate-emails.ts'

/** The messages with their paths, as a caller is told them. */
function mistakesIn(addresses: unknown): string[] {
  const { error } = CandidateEmails.safeParse({ addresses })
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

test('addresses are trimmed, in lower case, and each is there once, in the order in which they came', () => {
  const addresses = ['  Bea@Example.com ', 'ann@example.com', 'bea@example.com', 'ANN@EXAMPLE.COM']
  expect(CandidateEmails.parse({ addresses })).toEqual({ addresses: ['bea@example.com', 'ann@example.com'] })
})

test.each([
  ['', 'is empty'],
  ['   ', 'is empty'],
  ['ann', 'is not an e-mail address'],
  ['ann@', 'is not an e-mail address'],
  ['@example.com', 'is not an e-mail address'],
  ['ann@bea@example.com', 'is not an e-mail address'],
  ['Ann <ann@example.com>', 'is not an e-mail address'],
  ['"ann"@example.com', 'is not an e-mail address'],
  ['ann\\@example.com', 'is not an e-mail address'],
  ['ann\u0000@example.com', 'is not an e-mail address'],
  ['ann\ud800@example.com', 'is not an e-mail address'],
  [`${'a'.repeat(243)}@example.com`, 'is longer than 254 characters'],
])('%j is refused, and the message says where it stands but not what it is', (wrong, expected) => {
  const [mistake, ...others] = mistakesIn(['ann@example.com', 'ann@example.com', wrong])
  expect(others).toEqual([])
  expect(mistake).toContain(`addresses.2: the address at index 2 ${expected}`)
  if (wrong.trim().length > 3) expect(mistake).not.toContain(wrong.trim())
})

test('an address of 254 characters is taken', () => {
  expect(mistakesIn([`${'a'.repeat(242)}@example.com`])).toEqual([])
})

test('from 1 to 10,000 addresses are taken, and nothing that is no address', () => {
  const many = Array.from({ length: 10_001 }, (_, index) => `p${index}@example.com`)
  expect(CandidateEmails.parse({ addresses: many.slice(1) }).addresses).toHaveLength(10_000)
  expect(mistakesIn(many)).toEqual(['addresses: has more than 10000 addresses: send the rest in another request'])
  expect(mistakesIn([])).toEqual(['addresses: is empty: give at least one address'])
  expect(mistakesIn(['ann@example.com', 7])).toEqual([expect.stringMatching(/^addresses\.1: .*string/)])
})

test('a list of something else altogether is told of 20 times at most', () => {
  expect(mistakesIn(Array.from({ length: 500 }, () => 'no address'))).toHaveLength(20)
})
