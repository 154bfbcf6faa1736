import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { askPort, freePort, freePorts, insistOnListener } from './ports.ts'

async function listen(port: number, onConnection: (socket: Socket) => void) {
  const server = createServer(onConnection).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

test('gives a port that can be listened on', async () => {
  const port = await freePort()
  const server = await listen(port, () => {})
  server.close()
})

test('gives different ports, none of which an outgoing connection can be given', async () => {
  const ports = await freePorts(50)
  expect(new Set(ports).size).toBe(50)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})

test('gives the reply of a port', async () => {
  const port = await freePort()
  const server = await listen(port, (socket) => socket.once('data', (data) => socket.end(`${data}!`)))
  expect((await askPort({ port }, 'hello'))?.toString()).toBe('hello!')
  server.close()
})

test('gives nothing when nothing listens, or the port hangs up, or is silent', async () => {
  const port = await freePort()
  expect(await askPort({ port }, 'hello')).toBeUndefined()
  const server = await listen(port, (socket) => socket.destroy())
  expect(await askPort({ port }, 'hello')).toBeUndefined()
  server.close()
  const silentPort = await freePort()
  const silent = await listen(silentPort, () => {})
  expect(await askPort({ port: silentPort }, 'hello', 20)).toBeUndefined()
  silent.close()
})

test('an address that a variable gives must have a listener', async () => {
  const port = await freePort()
  for (const address of [`redis://127.0.0.1:${port}`, `127.0.0.1:${port}`, 'nonsense']) {
    await expect(insistOnListener('REDIS_URL', address, 1)).rejects.toThrow(/REDIS_URL is set, but nothing listens/)
  }
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  await insistOnListener('REDIS_URL', `redis://127.0.0.1:${port}/3`, 1)
  await insistOnListener('KAFKA_BROKERS', `127.0.0.1:${port}`, 1)
  server.close()
})
