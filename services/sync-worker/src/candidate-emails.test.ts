import { isQueryableEmail } from '@clarity/bitbucket'
import { CandidateEmails } from '@clarity/shared/contract/candidate-emails'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchAddresses } from './candidate-emails.ts'

const row = (uuid: string, email: string) => ({ user: { uuid, email, type: 'user', display_name: uuid } })

test('an address is matched whatever its case, and kept as it was asked', () => {
  expect(matchAddresses(['ann@example.com'], [row('{a}', 'Ann@Example.COM')])).toEqual(
    new Map([['user:a', 'ann@example.com']]),
  )
})

test('an address that was not asked about is no answer', () => {
  const rows = [row('{b}', 'bea@example.com'), row('{a}', 'ann@example.com')]
  expect(matchAddresses(['ann@example.com'], rows)).toEqual(new Map([['user:a', 'ann@example.com']]))
})

test('an address that comes with two users is that of the first', () => {
  const rows = [row('{a}', 'ann@example.com'), row('{b}', 'ann@example.com')]
  expect(matchAddresses(['ann@example.com'], rows)).toEqual(new Map([['user:a', 'ann@example.com']]))
})

test('every address that a caller may send is one that Bitbucket can be asked about', () => {
  const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
  const addresses = fc.oneof(
    fc.tuple(part, part).map((parts) => parts.join('@')),
    fc.emailAddress(),
  )
  let taken = 0
  fc.assert(
    fc.property(addresses, (address) => {
      const parsed = CandidateEmails.safeParse({ addresses: [address] })
      if (!parsed.success) return
      taken++
      expect(parsed.data.addresses.every(isQueryableEmail)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
  expect(taken).toBeGreaterThan(100)
})
