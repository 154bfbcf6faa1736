import { ConfigError } from '@clarity/shared/runtime/errors'
import { createLog } from '@clarity/shared/runtime/log'
import { expect, test } from 'vitest'
import { connectKafka, pingKafka } from './kafka.ts'

const log = createLog({ service: 'test', version: '0', level: 'silent' })
const prepared = async () => undefined

/** A clock that only notes how long somebody waits. */
function waitingClock() {
  const waits: number[] = []
  return { waits, clock: { now: () => 0, sleep: async (ms: number) => void waits.push(ms) } }
}

function clientThat({ failsUntil }: { readonly failsUntil: number }) {
  const calls: string[] = []
  return {
    calls,
    async connect() {
      calls.push('connect')
      if (calls.filter((call) => call === 'connect').length < failsUntil) throw new Error('no broker')
    },
    async disconnect() {
      calls.push('disconnect')
    },
  }
}

const options = { random: () => 1, log, signal: new AbortController().signal }

test('Kafka is waited for, each time a little longer, until it answers', async () => {
  const { waits, clock } = waitingClock()
  await connectKafka(clientThat({ failsUntil: 7 }), prepared, { ...options, clock })
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000])
})

test('a preparation that fails is made anew, with a new connection', async () => {
  const { clock } = waitingClock()
  const client = clientThat({ failsUntil: 1 })
  let tries = 0
  const prepare = () => (++tries === 1 ? Promise.reject(new Error('no leader')) : Promise.resolve())
  await connectKafka(client, prepare, { ...options, clock })
  expect(client.calls).toEqual(['connect', 'disconnect', 'connect'])
})

test('what no waiting mends is told at once', async () => {
  const { clock } = waitingClock()
  const wrong = new ConfigError([{ field: 'SHARDS', message: 'is 4', remedy: 'Set SHARDS to 3.' }])
  const connecting = connectKafka(clientThat({ failsUntil: 1 }), () => Promise.reject(wrong), { ...options, clock })
  await expect(connecting).rejects.toBe(wrong)
})

test('a stop ends the wait', async () => {
  const controller = new AbortController()
  const clock = {
    now: () => 0,
    sleep: async () => {
      controller.abort(new Error('stopping'))
      controller.signal.throwIfAborted()
    },
  }
  const away = clientThat({ failsUntil: Number.POSITIVE_INFINITY })
  const connecting = connectKafka(away, prepared, { ...options, clock, signal: controller.signal })
  await expect(connecting).rejects.toThrow('stopping')
})

test('nobody is told that it is ready, and no client is asked, before all is prepared', async () => {
  let [asked, isPrepared] = [0, false]
  const describeCluster = async () => {
    asked += 1
    return { brokers: [], controller: null, clusterId: '' }
  }
  const { check } = pingKafka({ describeCluster }, () => isPrepared)
  await expect(check()).rejects.toThrow('not connected yet')
  expect(asked).toBe(0)
  isPrepared = true
  await check()
  expect(asked).toBe(1)
})
