import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Problem } from '@clarity/shared/contract/connections'
import { fastify } from 'fastify'
import { afterAll, describe, expect, test } from 'vitest'
import { bearer, createTestApi, input } from '../testing/api.ts'
import { addProblems, answerMalformed } from './problem.ts'

/** What comes as bytes that are no request, or not quite one. */
const api = await createTestApi()
const reached = Promise.withResolvers<void>()
const go = Promise.withResolvers<void>()
const stopping = Promise.withResolvers<void>()
const { app } = await api.build({
  checkAccess: async () => {
    reached.resolve()
    await go.promise
    return { uuid: '{w}', slug: 'acme', name: 'Acme' }
  },
})
app.addHook('preClose', () => stopping.promise)
afterAll(() => {
  stopping.resolve()
  go.resolve()
  return app.close()
})
const port = await listen(app)

async function listen(server: { listen(options: { port: number }): Promise<string> }): Promise<number> {
  return Number(new URL(await server.listen({ port: 0 })).port)
}

/** Sends bytes and reads what is answered until the server ends the connection. */
async function exchange(bytes: string, to = port): Promise<string> {
  const socket = connect({ port: to, host: 'localhost' })
  socket.write(bytes)
  return text(socket)
}

/** The status and the problem document of the last answer in what was read. */
function lastAnswer(read: string) {
  const [head = '', body = ''] = read
    .slice(read.lastIndexOf('HTTP/1.1 ', read.lastIndexOf('\r\n\r\n')))
    .split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, problem: Problem.parse(JSON.parse(body)) }
}

const close = 'connection: close\r\n\r\n'
const get = 'GET /livez HTTP/1.1\r\nhost: localhost\r\n'

describe('is answered by a problem document, and the connection ends:', () => {
  test.each([
    ['a line that is no request', 'NONSENSE\r\n\r\n', 400],
    ['a request of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a header that is none', `${get}no header\r\n\r\n`, 400],
    ['a header with a NUL', `${get}x-a: b\0c\r\n\r\n`, 400],
    ['two lengths', `${get}content-length: 1\r\ncontent-length: 2\r\n\r\nab`, 400],
    ['a length beside chunks', `${get}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a chunk that is none', `${get}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['headers of 20,000 bytes', `${get}x-a: ${'b'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path of 20,000 bytes', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, 431],
    ['no host', `GET /livez HTTP/1.1\r\n${close}`, 400],
    ['nonsense after a request', `${get}\r\nNONSENSE\r\n\r\n`, 400],
  ])('%s', async (_name, bytes, status) => {
    const answer = lastAnswer(await exchange(bytes))
    expect(answer.status).toBe(status)
    expect(answer.head).toMatch(/content-type: application\/problem\+json/i)
    expect(answer.problem).toMatchObject({ status })
    expect((await app.inject({ url: '/livez' })).statusCode).toBe(200)
  })

  test('a request that does not come to its end', async () => {
    const http = { connectionsCheckingInterval: 20, headersTimeout: 50 }
    const quick = fastify({ http, requestTimeout: 100, clientErrorHandler: answerMalformed })
    addProblems(quick)
    quick.post('/', async () => 'whole')
    const quickPort = await listen(quick)
    const head = 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'
    for (const bytes of [head, `${head}content-length: 100\r\n\r\n{"a":`]) {
      expect(lastAnswer(await exchange(bytes, quickPort))).toMatchObject({ status: 408, problem: { status: 408 } })
    }
    await quick.close()
  })
})

test('an expectation that nobody has heard of is passed over', async () => {
  expect(await exchange(`${get}expect: the-spanish-inquisition\r\n${close}`)).toMatch(/^HTTP\/1.1 200 /)
})

test('what comes while the service stops is answered, and no client that keeps its connection holds up the stop', async () => {
  const kept = connect({ port, host: 'localhost' })
  const body = JSON.stringify(input)
  const head = `host: localhost\r\nauthorization: ${bearer.authorization}\r\ncontent-type: application/json\r\n`
  kept.write(`POST /v1/connections HTTP/1.1\r\n${head}content-length: ${body.length}\r\n\r\n${body}`)
  const answer = text(kept)
  await reached.promise
  const closed = app.close()
  expect(lastAnswer(await exchange(`GET /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n`))).toMatchObject({
    status: 404,
    problem: { type: 'urn:clarity:problem:no-such-route' },
  })
  stopping.resolve()
  go.resolve()
  expect(await answer).toMatch(/^HTTP\/1.1 201 /)
  await closed
})
