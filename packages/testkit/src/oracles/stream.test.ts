import { expect, test } from 'vitest'
import { toStreamRecord } from './stream.ts'

const headers = {
  ce_id: 'id-1',
  ce_type: 'io.claritysecurity.access.service-user-entitlement.granted.v1',
  ce_subject: 'user:a|workspace#owner',
  ce_partitionkey: 'con_1',
  ce_sequence: '00000000000000000007',
  ce_correlationid: 'syn_1',
}

test('a record is read from its headers, its value kept to the byte', () => {
  expect(toStreamRecord({ partition: 2, offset: '9', headers, value: '{"a": 1}' })).toEqual({
    partition: 2,
    offset: '9',
    id: 'id-1',
    name: 'service-user-entitlement.granted',
    subject: 'user:a|workspace#owner',
    connectionId: 'con_1',
    sequence: 7,
    syncId: 'syn_1',
    value: '{"a": 1}',
  })
})

test('a header that is missing is an error', () => {
  const { ce_id: _, ...rest } = headers
  expect(() => toStreamRecord({ partition: 0, offset: '0', headers: rest, value: '{}' })).toThrow('no ce_id')
})

test.each([
  ['a type that is none of ours', { ce_type: 'com.example.other.v1' }],
  ['a sequence that does not sort as text', { ce_sequence: '7' }],
])('%s is an error', (_name, wrong) => {
  expect(() => toStreamRecord({ partition: 0, offset: '0', headers: { ...headers, ...wrong }, value: '{}' })).toThrow()
})
