import { describe, expect, test } from 'vitest'
import { DependencyError, KnownError } from './errors.ts'
import { createLog } from './log.ts'
import { redactText } from './redact.ts'

function errorOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const messageOf = (work: () => unknown) => String(errorOf(work))

/** Each is how somebody else's software writes an error that quotes what it was given. */
const quoting: readonly [string, string][] = [
  ['the JSON parser, of a short text', messageOf(() => JSON.parse('planted-secret'))],
  ['the JSON parser, of a piece of a long one', messageOf(() => JSON.parse(`{"a": planted-secret${' '.repeat(90)}}`))],
  ['the JSON parser, over lines', messageOf(() => JSON.parse('{"a":\nplanted-secret\n}'))],
  ['Redis', "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'planted-secret' "],
  ['a URL with a login', 'cannot connect to postgres://clarity:planted-secret@db.example:5432/clarity'],
  ['a URL with a login that has an @', 'cannot connect to redis://:planted@secret@localhost:6379'],
  ['a header', 'invalid header: Authorization: Bearer planted-secret_x.y'],
  ['a header of a login', 'Basic cGxhbnRlZDpzZWNyZXQ= was refused'],
  ['a cookie', 'invalid header: cookie: a=b; clarity-session=planted-key%3D; c=d'],
  ['a sign-in link', 'cannot open https://clarity.example/sign-in#token=planted_token-x'],
  ['a query for an address', 'Invalid query: user.email IN ("planted@example.com","b@example.com")'],
  ['a URL with an address', 'GET /2.0/members?q=user.email+IN+(%22planted%40example.com%22) failed'],
]

test.each(quoting)('of what %s quotes nothing is left', (_, text) => {
  expect(text).toMatch(/planted|cGxhbnRlZ/)
  expect(redactText(text)).not.toMatch(/planted|cGxhbnRlZ/)
})

test.each([
  'connect ECONNREFUSED 127.0.0.1:6379',
  'GET /2.0/workspaces/{workspace}/members: rows.0.user.uuid invalid_type',
  'the lease of con_2399cca2178045288ff8fb09da60c6a8 is held by another owner',
  'at file:///app/node_modules/.pnpm/ioredis@6.0.0/node_modules/ioredis/built/redis/event_handler.js:353:25',
  'at /app/node_modules/.pnpm/vitest@5.1.1_@types+node@24.19.2/node_modules/vitest/dist/chunks/run.js:1:1',
  'Unterminated string in JSON at position 5 (line 1 column 6)',
])('what quotes nothing stays as it is: %s', (text) => {
  expect(redactText(text)).toBe(text)
})

test('what is longer than any text of an error is cut', () => {
  expect(redactText('a'.repeat(2 ** 20))).toHaveLength(2 ** 15)
})

describe('a logged error shows nothing of what it quotes', () => {
  function logged(err: unknown): string {
    let line = ''
    const write = (text: string) => {
      line = text
    }
    createLog({ service: 'test', version: '0', level: 'info' }, { write }).error({ err }, 'failed')
    return line
  }

  test.each(quoting)('%s', (_, text) => {
    const cause = Object.assign(new Error(text), { command: { args: ['planted'] }, input: 'planted' })
    const known = new DependencyError('redis', text, { remedy: 'Wait.', cause: new Error('over it', { cause }) })
    for (const err of [cause, known, new AggregateError([cause], text)]) {
      expect(logged(err)).toContain('Error')
      expect(logged(err)).not.toMatch(/planted|cGxhbnRlZ/)
    }
    expect(known).toBeInstanceOf(KnownError)
  })

  test.each(['cookie', 'set-cookie', 'authorization', 'token'])('a field %s', (name) => {
    let line = ''
    const write = (text: string) => {
      line = text
    }
    const log = createLog({ service: 'test', version: '0', level: 'info' }, { write })
    log.info({ [name]: 'planted', headers: { [name]: 'planted', host: 'example' } }, 'seen')
    expect(line).toContain('example')
    expect(line).not.toContain('planted')
  })

  test.each([
    ['an object', { secret: 'planted', headers: { authorization: 'planted' } }],
    ['a text', 'planted'],
    ['nothing', undefined],
  ])('%s that was thrown', (_, err) => {
    expect(logged(err)).toContain('failed')
    expect(logged(err)).not.toContain('planted')
  })
})
