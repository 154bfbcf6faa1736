import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { acme, type Bench, createBench } from '../testing/client.ts'
import { createDeliveries, signatureOf } from './deliveries.ts'
import type { Hook } from './hook.ts'

const hooks = '/2.0/workspaces/acme/hooks'
const changes = '/_control/workspaces/acme/changes'
const withWebhooks = {
  ...acme,
  consumer: { ...acme.consumer, scopes: ['account', 'project', 'repository', 'repository:admin', 'webhook'] },
}

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server that takes deliveries, and answers with the statuses given, the last one again and again. */
async function startReceiver(...statuses: number[]) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      const status = statuses[received.length - 1] ?? statuses.at(-1) ?? 200
      // 0 is for no answer at all.
      if (status !== 0) response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function subscribe(bench: Bench, body: object) {
  const token = (await bench.requestToken('key', 'secret')).body.access_token
  const response = await fetch(`${bench.simulator.url}${hooks}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

const hook = (url: string, more: Partial<Hook> = {}): Hook => ({
  uuid: '{00000000-0000-4000-8000-000000000001}',
  createdAt: '2026-01-01T00:00:00.000000+00:00',
  description: '',
  url,
  active: true,
  events: ['repo:updated'],
  secret: null,
  ...more,
})

function deliveriesWith(timeoutMs?: number) {
  const clock = createClock('manual', 0)
  return createDeliveries({ clock, newUuid: () => 'request-1', ...(timeoutMs !== undefined && { timeoutMs }) })
}

test('the signature is that of the known example', () => {
  expect(signatureOf("It's a Secret to Everybody", 'Hello World!')).toBe(
    'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
  )
})

test('a rename is delivered, signed over the bytes that come, with what changed', async () => {
  await using receiver = await startReceiver(200)
  await using bench = await createBench({ workspaces: [withWebhooks] })
  const made = await subscribe(bench, { url: receiver.url, events: ['repo:updated'], secret: 'the-secret' })
  expect(made.status).toBe(201)
  expect(made.text).toContain('"secret_set":true')
  expect(made.text).not.toContain('the-secret')
  const [repository] = (await bench.truth()).repositories
  await bench.call('POST', changes, { type: 'rename-repository', uuid: repository?.uuid, name: 'New Name' })
  await bench.simulator.deliveries.settled()
  const [delivery] = receiver.received
  expect(receiver.received).toHaveLength(1)
  expect(delivery?.headers).toMatchObject({
    'x-event-key': 'repo:updated',
    'x-attempt-number': '1',
    'x-hook-uuid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-request-uuid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-hub-signature': signatureOf('the-secret', delivery?.body ?? ''),
  })
  expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
    repository: { uuid: repository?.uuid, name: 'New Name' },
    changes: { name: { old: repository?.name, new: 'New Name' } },
  })
  expect(JSON.stringify((await bench.call('GET', '/_control/deliveries')).body)).not.toContain('the-secret')
})

test.each([
  ['add-repository', 'repo:created'],
  ['remove-repository', 'repo:deleted'],
  ['set-repository-privacy', 'repo:updated'],
  ['rename-project', 'project:updated'],
  ['grant', undefined],
  ['add-group-member', undefined],
] as const)('%s makes %s', async (type, event) => {
  await using receiver = await startReceiver(200)
  await using bench = await createBench({ workspaces: [withWebhooks] })
  const events = ['repo:created', 'repo:deleted', 'repo:updated', 'project:updated']
  await subscribe(bench, { url: receiver.url, events })
  const { repositories, projects, members } = await bench.truth()
  const repository = repositories[0]
  const bodies = {
    'add-repository': { projectUuid: projects[0]?.uuid, name: 'One More' },
    'remove-repository': { uuid: repository?.uuid },
    'set-repository-privacy': { uuid: repository?.uuid, isPrivate: !repository?.isPrivate },
    'rename-project': { uuid: projects[0]?.uuid, name: 'Another Name' },
    grant: {
      resource: { kind: 'project', uuid: projects[0]?.uuid },
      principal: { userUuid: members.at(-1)?.userUuid },
      permission: 'create-repo',
    },
    'add-group-member': { slug: 'administrators', userUuid: members.at(-1)?.userUuid },
  }
  expect((await bench.call('POST', changes, { type, ...bodies[type] })).status).toBe(200)
  await bench.simulator.deliveries.settled()
  const keys = receiver.received.map(({ headers }) => headers['x-event-key'])
  expect(keys).toEqual(event === undefined ? [] : [event])
  expect(receiver.received.some(({ headers }) => headers['x-hub-signature'])).toBe(false)
})

test.each([
  ['a 500 three times', [500], [500, 500, 500], 'lost'],
  ['a 500 once', [500, 204], [500, 204], 'delivered'],
  ['a 404', [404], [404], 'delivered'],
  ['no answer', [0], [null, null, null], 'lost'],
])('after %s it is tried as often as Bitbucket does', async (_, statuses, attempts, state) => {
  await using receiver = await startReceiver(...statuses)
  const deliveries = deliveriesWith(50)
  deliveries.deliver(hook(receiver.url), 'repo:updated', {})
  await deliveries.settled()
  expect(deliveries.log()).toMatchObject([{ attempts, state }])
  expect(receiver.received.map(({ headers }) => headers['x-attempt-number'])).toEqual(
    attempts.map((_attempt, index) => String(index + 1)),
  )
  expect(new Set(receiver.received.map(({ headers }) => headers['x-request-uuid'])).size).toBe(1)
})

test('what is too large is not sent', async () => {
  await using receiver = await startReceiver(200)
  const deliveries = deliveriesWith()
  deliveries.deliver(hook(receiver.url), 'repo:updated', { text: 'x'.repeat(256 * 1024) })
  await deliveries.settled()
  expect(receiver.received).toEqual([])
  expect(deliveries.log()).toMatchObject([{ state: 'too large' }])
})

test('closing ends what is under way', async () => {
  await using receiver = await startReceiver(0)
  const deliveries = deliveriesWith()
  deliveries.deliver(hook(receiver.url), 'repo:updated', {})
  while (receiver.received.length === 0) await new Promise(setImmediate)
  await deliveries.close()
  expect(deliveries.log()).toMatchObject([{ state: 'lost' }])
})

test('a webhook is listed, changed and removed; inactive ones hear nothing', async () => {
  await using receiver = await startReceiver(200)
  await using bench = await createBench({ workspaces: [withWebhooks] })
  await subscribe(bench, { url: receiver.url, events: ['repo:created'], secret: 'the-secret' })
  const [listed] = await bench.list(hooks)
  const path = `${hooks}/${encodeURIComponent(String(listed?.uuid))}`
  const token = (await bench.requestToken('key', 'secret')).body.access_token
  const send = (method: string, body?: object) =>
    fetch(`${bench.simulator.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const changed = await send('PUT', { url: receiver.url, events: ['repo:created'], active: false })
  expect(await changed.json()).toMatchObject({ active: false, secret_set: true })
  const { projects } = await bench.truth()
  await bench.call('POST', changes, { type: 'add-repository', projectUuid: projects[0]?.uuid, name: 'One More' })
  await bench.simulator.deliveries.settled()
  expect(receiver.received).toEqual([])
  expect((await send('DELETE')).status).toBe(204)
  expect((await send('DELETE')).status).toBe(404)
  expect(await bench.list(hooks)).toEqual([])
})

test.each([
  [{ url: 'ftp://example.com', events: ['repo:push'] }, 400, 'url'],
  [{ url: 'https://example.com', events: [] }, 400, 'at least one'],
  [{ url: 'https://example.com', events: ['repo:granted'] }, 400, 'events'],
  [{ url: 'https://example.com', events: ['repo:push'], secret: 'x'.repeat(129) }, 400, '128'],
  [{ url: 'https://example.com', events: ['pullrequest:created'] }, 403, 'pullrequest'],
])('refuses %o', async (body, status, text) => {
  await using bench = await createBench({ workspaces: [withWebhooks] })
  const answer = await subscribe(bench, body)
  expect(answer.status).toBe(status)
  expect(answer.text).toContain(text)
})

test('what can be subscribed to is told to anybody', async () => {
  await using bench = await createBench()
  const response = await bench.fetch('/2.0/hook_events/workspace?pagelen=100', null)
  expect(await response.json()).toMatchObject({ size: 29 })
  expect((await bench.fetch('/2.0/hook_events/planet', null)).status).toBe(404)
  expect(await (await bench.fetch('/2.0/hook_events', null)).json()).toHaveProperty('workspace.events.href')
})
