import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bearer, createTestApi, otherBearer } from '../testing/api.ts'

const api = await createTestApi()
let turns: PromiseWithResolvers<void>[] = []
/** A clock whose sleep ends when the test says so. */
const clock = {
  now: () => Date.parse('2026-11-23T10:00:00Z'),
  sleep: (_ms: number, signal?: AbortSignal) => {
    const turn = Promise.withResolvers<void>()
    signal?.addEventListener('abort', () => turn.reject(signal.reason), { once: true })
    turns.push(turn)
    return turn.promise
  },
}
let { app, create } = await api.build()
let base = ''
let path = ''

beforeEach(async () => {
  await api.redis.flushdb()
  await start()
  const { connection, sync } = (await create()).json()
  path = `/v1/connections/${connection.id}/syncs/${sync.id}`
})
afterEach(() => app.close())

async function start(streamsMax = 20) {
  turns = []
  await app.close()
  ;({ app, create } = await api.build({ clock, streamsMax }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

/** Opens the stream; `next` answers the next piece of it, null at its end. */
async function follow(headers: Record<string, string> = {}) {
  const leaving = new AbortController()
  const response = await fetch(`${base}${path}/progress`, {
    headers: { ...bearer, ...headers },
    signal: leaving.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    response,
    leave: () => leaving.abort(),
    async next(): Promise<string | null> {
      while (!text.includes('\n\n')) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) return null
        text += value
      }
      const end = text.indexOf('\n\n')
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      return event
    },
  }
}

async function nextTurn() {
  await expect.poll(() => turns.length).toBeGreaterThan(0)
  turns.shift()?.resolve()
}

const idOf = (event: string | null) => /^id: (.*)$/m.exec(event ?? '')?.[1] ?? ''

test('tells how far the sync is as it goes on, and ends with it', async () => {
  const stream = await follow()
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  expect(await stream.next()).toBe('retry: 2000')
  expect(await stream.next()).toMatch(/event: progress\ndata: \{.*"state":"requested"/)
  await app.inject({ method: 'POST', url: `${path}/cancel`, headers: bearer })
  await nextTurn()
  expect(await stream.next()).toMatch(/event: ended\ndata: \{.*"state":"cancelled"/)
  expect(await stream.next()).toBeNull()
})

test('tells who comes back only what has changed since', async () => {
  const first = await follow()
  await first.next()
  const lastEventId = idOf(await first.next())
  first.leave()
  // Another process knows nothing of the first stream.
  await start()
  const second = await follow({ 'last-event-id': lastEventId })
  expect(await second.next()).toBe('retry: 2000')
  await app.inject({ method: 'POST', url: `${path}/cancel`, headers: bearer })
  await nextTurn()
  expect(await second.next()).toContain('event: ended')
})

test('a caller has no more streams than it may, and gets back one that it leaves', async () => {
  await start(1)
  const stream = await follow()
  await stream.next()
  const other = await follow()
  expect(other.response.status).toBe(429)
  expect(other.response.headers.get('content-type')).toContain('application/problem+json')
  expect(Number(other.response.headers.get('retry-after'))).toBeGreaterThan(0)
  stream.leave()
  await expect.poll(async () => (await follow()).response.status).toBe(200)
})

test('the stream of another tenant is not there', async () => {
  expect((await follow(otherBearer)).response.status).toBe(404)
})

test('a service that stops ends its streams', async () => {
  const stream = await follow()
  await stream.next()
  await app.close()
  await stream.next()
  expect(await stream.next()).toBeNull()
})
