import type { Clock } from '@clarity/shared/runtime/clock'
import { DependencyError, InvariantError } from '@clarity/shared/runtime/errors'
import { createLog } from '@clarity/shared/runtime/log'
import { KafkaJSConnectionError } from 'kafkajs'
import { expect, test } from 'vitest'
import { isAway, keepTrying } from './keep-trying.ts'

const log = createLog({ service: 'test', version: '0', level: 'silent' })

function patience() {
  const waits: number[] = []
  const clock: Clock = {
    now: () => 0,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      waits.push(ms)
    },
  }
  return { clock, log, random: () => 1, waits }
}

const coded = (code: string) => Object.assign(new Error('away'), { code })

test.each([
  ['Kafka is not reached', new KafkaJSConnectionError('no'), true],
  ['what we know to be away', new DependencyError('access-view', 'away', { remedy: 'wait' }), true],
  ['PostgreSQL is shutting down', coded('57P01'), true],
  ['PostgreSQL has no room for a connection', coded('53300'), true],
  ['two transactions were in the way of each other', coded('40P01'), true],
  ['nobody listens', coded('ECONNREFUSED'), true],
  ['a statement is wrong', coded('42601'), false],
  ['a row is there twice', coded('23505'), false],
  ['a defect', new InvariantError('no'), false],
  ['something else', new TypeError('no'), false],
])('%s: %s', (_what, error, expected) => {
  expect(isAway(error)).toBe(expected)
})

test('what is away is tried again, with growing waits, until it is there', async () => {
  const { waits, ...rest } = patience()
  let left = 3
  const result = await keepTrying(rest, 'work', new AbortController().signal, async () => {
    if (left-- > 0) throw coded('ECONNREFUSED')
    return 'done'
  })
  expect([result, waits]).toEqual(['done', [500, 1_000, 2_000]])
})

test('a defect is tried once, and after the signal nothing is', async () => {
  const { waits, ...rest } = patience()
  let tries = 0
  const failing = async () => {
    tries++
    throw new TypeError('no')
  }
  await expect(keepTrying(rest, 'work', new AbortController().signal, failing)).rejects.toThrow('no')
  await expect(keepTrying(rest, 'work', AbortSignal.abort(new Error('stopped')), failing)).rejects.toThrow('stopped')
  expect([tries, waits]).toEqual([1, []])
})
