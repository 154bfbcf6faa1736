import { createLog } from '@clarity/shared/runtime/log'
import { expect, test } from 'vitest'
import { connectKafka } from './kafka.ts'

const log = createLog({ service: 'test', version: '0', level: 'silent' })

test('Kafka is waited for, each time a little longer, until it answers', async () => {
  const waits: number[] = []
  const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) }
  let tries = 0
  const client = {
    connect: async () => {
      tries += 1
      if (tries < 7) throw new Error('no broker')
    },
  }
  await connectKafka([client], { clock, random: () => 1, log, signal: new AbortController().signal })
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000])
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
  const away = { connect: () => Promise.reject(new Error('no broker')) }
  const connecting = connectKafka([away], { clock, random: () => 1, log, signal: controller.signal })
  await expect(connecting).rejects.toThrow('stopping')
})
