import { expect, test } from 'vitest'
import { readSessionCookie, toSessionCookie } from './session-cookie.ts'

test('a cookie is for the API alone, for no script, and for no other site', () => {
  expect(toSessionCookie('clarity_a-b', { isSecure: true, maxAgeSeconds: 60 })).toBe(
    'clarity-session=clarity_a-b; Path=/v1; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
  )
  expect(toSessionCookie('k', { isSecure: false, maxAgeSeconds: null })).toBe(
    'clarity-session=k; Path=/v1; HttpOnly; SameSite=Strict',
  )
})

test.each(['clarity_a-b', 'a;b=c', 'a b', '100%', '"quoted"', 'ü'])('%j comes back as it was', (credential) => {
  const [pair = ''] = toSessionCookie(credential, { isSecure: true, maxAgeSeconds: null }).split('; ')
  expect(readSessionCookie(pair)).toBe(credential)
  expect(readSessionCookie(`a=b; ${pair};c=d`)).toBe(credential)
})

test.each([
  undefined,
  '',
  'clarity-session',
  'clarity-session=',
  'other=1; clarity-sessions=2; xclarity-session=3',
  'clarity-session=%',
  'clarity-session=%ff',
  'clarity-session=one; clarity-session=two',
])('%j has none', (header) => {
  expect(readSessionCookie(header)).toBeNull()
})
