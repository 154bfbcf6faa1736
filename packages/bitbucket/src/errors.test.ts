import { describe, expect, test } from 'vitest'
import { toUpstreamError } from './errors.ts'

const endpoint = 'GET /2.0/thing'
const nowMs = Date.UTC(2026, 10, 23)

function errorOf(status: number, body: string, headers: Record<string, string> = {}) {
  return toUpstreamError(endpoint, { status, body, header: (name) => headers[name] ?? null }, nowMs)
}

test.each<[string, number, Record<string, string>, number | null]>([
  ['seconds', 429, { 'retry-after': '3' }, 3_000],
  ['a date', 429, { 'retry-after': 'Mon, 23 Nov 2026 00:00:07 GMT' }, 7_000],
  ['a date that is over', 429, { 'retry-after': 'Sun, 22 Nov 2026 00:00:00 GMT' }, 0],
  ['seconds until the reset', 429, { 'x-ratelimit-reset': '40' }, 40_000],
  ['the instant of the reset', 429, { 'x-ratelimit-reset': String(nowMs / 1_000 + 5) }, 5_000],
  ['both', 429, { 'retry-after': '3', 'x-ratelimit-reset': '40' }, 3_000],
  ['nonsense', 429, { 'retry-after': 'soon', 'x-ratelimit-reset': '' }, null],
  ['seconds with a 503', 503, { 'retry-after': '3' }, 3_000],
  ['a reset with a 503, which met no limit', 503, { 'x-ratelimit-reset': '3000' }, null],
])('a wait that is asked for as %s is kept to', (_name, status, headers, retryAfterMs) => {
  expect(errorOf(status, '', headers).retryAfterMs).toBe(retryAfterMs)
})

describe('a refusal says', () => {
  const envelope = (message: string, detail?: unknown) => JSON.stringify({ type: 'error', error: { message, detail } })
  const scopes = { granted: ['repository'], required: ['repository', 'repository:admin', 'something:new'] }

  test.each([
    ['what Bitbucket says in an envelope', 404, envelope('No such thing', 'text'), /\(404\): No such thing$/],
    ['what Bitbucket says in plain text', 400, 'Invalid pagelen', /\(400\): Invalid pagelen$/],
    ['nothing of a page of HTML', 502, '<html>Sorry</html>', /\(502\)$/],
    ['nothing of a long text', 502, 'x'.repeat(1_000), /\(502\)$/],
    ['which scopes are missing, of those required', 403, envelope('no', scopes), /\(repository:admin, something:new\)/],
  ])('%s', (_name, status, body, message) => {
    expect(errorOf(status, body).message).toMatch(message)
  })

  test('what to tick, in the words of the form', () => {
    expect(errorOf(403, envelope('no', scopes)).remedy).toContain('Repositories: Admin, something:new')
    const unnamed = envelope('lack one or more required privilege scopes')
    expect(errorOf(403, unnamed)).toMatchObject({ code: 'scope-missing' })
  })

  test.each([
    ['To access this repository, an admin must whitelist your IP.', 'address-refused'],
    ['Your IP address is not on the allowlist of this workspace.', 'address-refused'],
    ['You do not administer acme/ip-allowlist.', 'not-permitted'],
  ])('whether it is about the address: %s', (message, code) => {
    expect(errorOf(403, envelope(message))).toMatchObject({ code })
  })

  test.each(['x-request-id', 'atl-traceid'])('which request it was, by %s', (name) => {
    expect(errorOf(500, '', { [name]: 'abc' }).context).toEqual({ endpoint, status: 500, requestId: 'abc' })
  })
})

describe('whatever Bitbucket quotes of a request, a refusal does not repeat', () => {
  const envelope = (message: string, detail?: unknown) => JSON.stringify({ type: 'error', error: { message, detail } })
  const uuid = '{3f0c9a52-0d3f-4a52-9a55-6c8f0f1e2d3c}'
  const token = `planted${'a1B2-'.repeat(16)}=`
  const lacking = { granted: [], required: [token] }

  test.each<[string, string, Record<string, string>]>([
    ['an address', envelope('Invalid query: user.email IN ("planted@example.com","b@example.com")'), {}],
    ['an address of a URL', envelope('No such page: ?q=user.email+IN+(%22planted%40example.com%22)'), {}],
    ['an address in plain text', 'planted@example.com is not known', {}],
    ['a header', envelope('bad header Authorization: Bearer planted.x-y'), {}],
    ['a token', envelope(`The token ${token} is not valid`), {}],
    ['a token as a scope', envelope('no', lacking), {}],
    ['a token as the id of the request', '', { 'x-request-id': token }],
  ])('%s', (_, body, headers) => {
    for (const status of [400, 403, 404, 500]) {
      const { message, remedy, context } = errorOf(status, body, headers)
      expect(JSON.stringify({ message, remedy, context })).not.toContain('planted')
    }
  })

  test('while what it says of things stays, in a line of some 200 characters', () => {
    const said = `Repository ${uuid} of acme/payments-api-and-more is not there`
    expect(errorOf(404, envelope(said)).message).toContain(said)
    expect(errorOf(404, envelope('word '.repeat(1_000))).message.length).toBeLessThan(300)
    expect(errorOf(404, envelope('two\nlines')).message).toContain('two lines')
  })
})
