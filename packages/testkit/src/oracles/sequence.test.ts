import { describe, expect, test } from 'vitest'
import { sequenceViolations } from './sequence.ts'
import type { StreamRecord } from './stream.ts'

const record = (connectionId: string, sequence: number, rest: Partial<StreamRecord> = {}): StreamRecord => ({
  partition: 0,
  offset: `${sequence}`,
  id: `${connectionId}-${sequence}`,
  name: 'service-user.created',
  subject: `user:${sequence}`,
  connectionId,
  sequence,
  syncId: 'syn_1',
  value: `{"number":${sequence}}`,
  ...rest,
})

test('two connections side by side are in order', () => {
  const told = [record('a', 1), record('b', 1), record('a', 2), record('b', 2), record('a', 3)]
  expect(sequenceViolations(told)).toEqual([])
})

describe('a planted violation is found', () => {
  test.each<[string, readonly StreamRecord[], RegExp]>([
    ['a first record that was lost', [record('a', 2)], /a 2 .*expected 1$/],
    ['a record that was lost', [record('a', 1), record('a', 3)], /a 3 .*expected 2$/],
    ['two that changed places', [record('a', 1), record('a', 3), record('a', 2)], /a 3 .*expected 2$/],
    ['a batch that was sent again', [record('a', 1), record('a', 2), record('a', 1)], /a 1 .*told twice$/],
    ['a repeat with another value', [record('a', 1), record('a', 1, { value: '{}' })], /repeated with other content/],
    ['a repeat with another id', [record('a', 1), record('a', 1, { id: 'new' })], /repeated with other content/],
    ['a repeat with another subject', [record('a', 1), record('a', 1, { subject: 'user:b' })], /other content/],
    ['a repeat from another sync', [record('a', 1), record('a', 1, { syncId: 'syn_2' })], /other content/],
    ['an event that is told as two', [record('a', 1), record('a', 2, { id: 'a-1' })], /has the id of a 1/],
    ['a connection on two partitions', [record('a', 1), record('a', 2, { partition: 1 })], /is on partition 0/],
  ])('%s', (_name, told, expected) => {
    expect(sequenceViolations(told)[0]).toMatch(expected)
  })

  test('one gap is told once', () => {
    expect(sequenceViolations([1, 2, 5, 6, 7].map((sequence) => record('a', sequence)))).toHaveLength(1)
  })
})
