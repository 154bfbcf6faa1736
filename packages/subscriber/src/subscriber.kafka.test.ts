import { testKafka } from '@clarity/testkit/kafka'
import { expect, test } from 'vitest'
import type { AccessEvent } from './event.ts'
import { createSubscriber, type Handlers } from './subscriber.ts'

const { kafka, brokers, prefix, createTopic } = testKafka()

const data = {
  connection: {
    id: 'con_1',
    uniqueIdentifier: 'bitbucket-acme',
    provider: 'bitbucket-cloud',
    workspace: { uuid: '{w}', slug: 'acme' },
  },
  cause: 'full-sync',
  observedAt: '2026-11-23T10:00:00.000Z',
  previouslyObservedAt: null,
  scope: null,
  kind: 'full',
}

interface Sent {
  readonly sequence: number
  readonly type?: string
  readonly value?: string
  readonly headers?: Record<string, string>
}

/** Sends records, subscribes, and waits until `lastSequence` was handled. Tells what every handler saw, in order. */
async function readBack(name: string, sent: readonly Sent[], lastSequence: bigint, failOnceAt?: bigint) {
  const topicPrefix = `${prefix}${name}`
  const topic = await createTopic(`${name}.changes`)
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages: sent.map(toMessage) })
  await producer.disconnect()
  const seen: string[] = []
  const done = Promise.withResolvers<void>()
  let failed = false
  const onEvent = (event: AccessEvent) => {
    if (event.sequence === failOnceAt && !failed) {
      failed = true
      throw new Error('not now')
    }
    seen.push(`event ${event.sequence}`)
    if (event.sequence === lastSequence) done.resolve()
  }
  const handlers: Handlers = {
    onEvent,
    onGap: ({ expected, found }) => void seen.push(`gap ${expected} ${found}`),
    onUnknown: ({ type }) => void seen.push(`unknown ${type}`),
    onInvalid: (reason) => void seen.push(`invalid ${reason.split(':')[0]}`),
  }
  await using subscriber = createSubscriber({
    brokers,
    topicPrefix,
    groupId: `${prefix}${name}`,
    handlers,
    handled: new Map(),
  })
  await subscriber.start()
  await done.promise
  return seen
}

function toMessage({ sequence, type, value, headers }: Sent) {
  return {
    key: 'con_1',
    value: value ?? JSON.stringify(data),
    headers: {
      ce_specversion: '1.0',
      ce_id: `id-${sequence}`,
      ce_type: type ?? 'io.claritysecurity.access.sync.started.v1',
      ce_source: '/tenants/acme/connections/con_1',
      ce_subject: 'syn_1',
      ce_time: '2026-11-23T10:00:00.000Z',
      ce_tenantid: 'acme',
      ce_partitionkey: 'con_1',
      ce_sequence: String(sequence).padStart(20, '0'),
      ce_correlationid: 'syn_1',
      ...headers,
    },
  }
}

test('repeats are dropped and gaps are told', async () => {
  const sent = [1, 2, 2, 1, 3, 6].map((sequence) => ({ sequence }))
  expect(await readBack('sequence', sent, 6n)).toEqual(['event 1', 'event 2', 'event 3', 'gap 4 6', 'event 6'])
})

test('what this release does not know goes to a handler of its own and keeps its place in the sequence', async () => {
  const unknown = { sequence: 2, type: 'io.claritysecurity.access.moon.landed.v7', value: '{"any":1}' }
  expect(await readBack('unknown', [{ sequence: 1 }, unknown, { sequence: 3 }], 3n)).toEqual([
    'event 1',
    'unknown io.claritysecurity.access.moon.landed.v7',
    'event 3',
  ])
})

test('records that break the contract are told, one by one', async () => {
  const broken: Sent[] = [
    { sequence: 2, value: '{"kind":"full"}' },
    { sequence: 2, value: 'no json' },
    { sequence: 2, headers: { ce_sequence: '2' } },
    { sequence: 2 },
  ]
  expect(await readBack('invalid', [{ sequence: 1 }, ...broken], 2n)).toEqual([
    'event 1',
    'invalid sync.started',
    'invalid the value is not JSON',
    'invalid headers',
    'event 2',
  ])
})

test('an event whose handler failed comes again', async () => {
  const sent = [1, 2, 3].map((sequence) => ({ sequence }))
  expect(await readBack('failing', sent, 3n, 2n)).toEqual(['event 1', 'event 2', 'event 3'])
})

test('who takes batches has all of a partition in order, unknown events among them, and has again what it rejected', async () => {
  const topic = await createTopic('batches.changes')
  const producer = kafka.producer()
  await producer.connect()
  const unknown = { sequence: 3, type: 'io.claritysecurity.access.moon.landed.v7', value: '{"any":1}' }
  const broken = { sequence: 4, value: 'no json' }
  const rest = Array.from({ length: 1_100 }, (_, index) => ({ sequence: index + 4 }))
  const sent = [{ sequence: 1 }, { sequence: 2 }, { sequence: 2 }, unknown, broken, ...rest]
  await producer.send({ topic, messages: sent.map(toMessage) })
  await producer.disconnect()

  const batches: string[][] = []
  const invalid: string[] = []
  let rejected = 0
  const groupId = `${prefix}batches`
  const done = Promise.withResolvers<void>()
  await using subscriber = createSubscriber({
    brokers,
    topicPrefix: `${prefix}batches`,
    groupId,
    handlers: {
      onInvalid: (reason) => void invalid.push(reason),
      onEvent: () => done.reject(new Error('it was given one by one')),
      async onBatch(events) {
        if (rejected === 0) {
          rejected = events.length
          throw new Error('not now')
        }
        batches.push(
          events.map(({ envelope, event, data }) => `${envelope.sequence} ${event?.name ?? JSON.stringify(data)}`),
        )
        if (events.at(-1)?.envelope.sequence === 1_103n) done.resolve()
      },
    },
  })
  await subscriber.start()
  await done.promise
  const seen = batches.flat()
  expect(seen.slice(0, 4)).toEqual(['1 sync.started', '2 sync.started', '3 {"any":1}', '4 sync.started'])
  expect(seen.map((text) => Number(text.split(' ')[0]))).toEqual(Array.from({ length: 1_103 }, (_, index) => index + 1))
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(1_000)
  expect(rejected).toBe(batches[0]?.length)
  expect(new Set(invalid)).toEqual(new Set(['the value is not JSON']))
})
