import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createLog } from '@clarity/shared/runtime/log'
import { fastify } from 'fastify'
import { afterAll, describe, expect, test } from 'vitest'
import { addConsole } from './console.ts'
import { addProblems } from './problem.ts'
import { addSecurity } from './security.ts'

const html = '<!doctype html><title>Console</title>'
const script = 'console.log("a script of some length, of some length")'
const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

const dir = await mkdtemp(join(tmpdir(), 'clarity-console-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
await mkdir(join(dir, 'dist', 'assets'), { recursive: true })
for (const [name, content] of [
  ['secret.txt', 'not to be told'],
  ['dist/index.html', html],
  ['dist/favicon.svg', '<svg/>'],
  ['dist/assets/app-1a2b3c.js', script],
  ['dist/assets/app-1a2b3c.js.br', brotliCompressSync(script)],
  ['dist/assets/app-1a2b3c.js.gz', gzipSync(script)],
  ['dist/assets/other-4d5e6f.css', 'a { color: red }'],
] as const) {
  await writeFile(join(dir, name), content)
}

async function build(folder = 'dist') {
  const lines: string[] = []
  const log = createLog({ service: 'test', version: '0', level: 'info' }, { write: (line) => void lines.push(line) })
  const app = fastify()
  addProblems(app)
  await addSecurity(app, { corsOrigins: [] })
  await addConsole(app, { dir: join(dir, folder), log })
  app.get('/v1/things', { config: { scope: 'access:read' } }, async () => ({ items: [] }))
  return { app, lines }
}

const policy =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';" +
  "base-uri 'none';form-action 'none';frame-ancestors 'none'"
const always = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'SAMEORIGIN',
}

describe('a console that is built', async () => {
  const { app, lines } = await build()

  test.each(['/', '/?a=b', '/sign-in', '/connections/con_1/access?asOf=x', '/v10', '/documents'])(
    'is one page, whichever is opened: %s',
    async (url) => {
      const { statusCode, body, headers } = await app.inject({ url, headers: asBrowser })
      expect([statusCode, body]).toEqual([200, html])
      expect(headers).toMatchObject({
        ...always,
        'cache-control': 'no-cache',
        'content-type': expect.stringContaining('text/html'),
      })
    },
  )

  test('is not sent again when nothing has changed', async () => {
    const { etag } = (await app.inject('/')).headers
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(etag) } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('has files that are kept for ever, packed where the browser takes that', async () => {
    const ask = (encoding: string) =>
      app.inject({ url: '/assets/app-1a2b3c.js', headers: { 'accept-encoding': encoding } })
    for (const [asked, given, length] of [
      ['gzip, br', 'br', brotliCompressSync(script).length],
      ['gzip', 'gzip', gzipSync(script).length],
      ['identity', undefined, script.length],
    ] as const) {
      const { statusCode, headers, rawPayload } = await ask(asked)
      expect([statusCode, headers['content-encoding'], rawPayload.length]).toEqual([200, given, length])
      expect(headers).toMatchObject({
        ...{ ...always, 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' },
        'content-type': expect.stringContaining('javascript'),
      })
    }
    const css = await app.inject({ url: '/assets/other-4d5e6f.css', headers: { 'accept-encoding': 'br' } })
    expect([css.body, css.headers['content-encoding']]).toEqual(['a { color: red }', undefined])
  })

  test('has an icon beside the page', async () => {
    const { statusCode, headers } = await app.inject('/favicon.svg')
    expect([statusCode, headers['cache-control'], headers['content-type']]).toEqual([200, 'no-cache', 'image/svg+xml'])
  })

  test.each([
    ['GET', '/v1/unknown', asBrowser],
    ['GET', '/v1', asBrowser],
    ['GET', '/v1?a=b', asBrowser],
    ['GET', '/docs/unknown', asBrowser],
    ['GET', '/metrics/x', asBrowser],
    ['GET', '/schemas/unknown.json', asBrowser],
    ['GET', '/assets/unknown-1.js', asBrowser],
    ['GET', '/assets/', asBrowser],
    ['GET', '/assets/../index.html', {}],
    ['GET', '/assets/%2e%2e/index.html', {}],
    ['GET', '/assets/..%2f..%2fsecret.txt', {}],
    ['GET', '/assets/.hidden', {}],
    ['GET', '/..%2fsecret.txt', {}],
    ['GET', '/index.html', {}],
    ['GET', '/sign-in', {}],
    ['GET', '/sign-in', { accept: '*/*' }],
    ['GET', '/sign-in', { accept: 'application/json' }],
    ['POST', '/sign-in', asBrowser],
    ['POST', '/', asBrowser],
  ] as const)('leaves all else as it was: %s %s', async (method, url, headers) => {
    const response = await app.inject({ method, url, headers })
    expect(response.json()).toMatchObject({ status: 404, type: 'urn:clarity:problem:no-such-route' })
    expect(response.statusCode).toBe(404)
  })

  test('changes nothing of what the API answers', async () => {
    const { statusCode, headers } = await app.inject({ url: '/v1/things', headers: asBrowser })
    expect([statusCode, headers['cache-control'], headers['content-security-policy']]).toEqual([
      200,
      'no-store',
      "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
    ])
  })

  test('is nothing to warn of', () => {
    expect(lines).toEqual([])
  })
})

test.each(['/', '/sign-in'])(
  'a console that is not built says by %s how to build it, and once in the log',
  async (url) => {
    const { app, lines } = await build('missing')
    const response = await app.inject({ url, headers: asBrowser })
    expect(response.json()).toMatchObject({
      ...{ status: 404, type: 'urn:clarity:problem:console-not-built' },
      remedy: expect.stringContaining('turbo run build --filter=@clarity/console'),
    })
    expect((await app.inject({ url: '/v1/unknown', headers: asBrowser })).json().type).toBe(
      'urn:clarity:problem:no-such-route',
    )
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', event: 'console.not-built' }])
  },
)
