import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'

interface Encoded {
  readonly buf: Buffer
  readonly buffer: Buffer
}
interface RecordToEncode {
  readonly key: string | Buffer | null
  readonly value: string | Buffer | null
  readonly headers: Readonly<Record<string, string | Buffer | readonly string[]>>
  readonly offsetDelta: number
  readonly timestampDelta: number
}
type Encode = (record: RecordToEncode) => Encoded

const load = createRequire(import.meta.url)
const encode: Encode = load('kafkajs/src/protocol/recordBatch/record/v0')
const encodeAsPublished: Encode = load('kafkajs-as-published/src/protocol/recordBatch/record/v0')

// Long enough for lengths of one, two and three bytes.
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(9_000)).map(([part, times]) => part.repeat(times)),
)
const bytes = text.map((some) => Buffer.from(some))
const header = fc.oneof(text, bytes, fc.array(text, { maxLength: 3 }))
const record: fc.Arbitrary<RecordToEncode> = fc.record({
  key: fc.oneof(text, bytes, fc.constant(null)),
  value: fc.oneof(text, bytes, fc.constant(null)),
  headers: fc.dictionary(fc.string(), header, { maxKeys: 20 }),
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.nat(2 ** 40),
})

test('a record is the same to the byte as with the kafkajs that is published', () => {
  fc.assert(
    fc.property(record, (some) => {
      expect(encode(some).buffer.equals(encodeAsPublished(some).buffer)).toBe(true)
    }),
  )
})

test('a record is encoded into one buffer, made once', () => {
  const headers = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`header-${index}`, 'x'.repeat(100)]))
  const { buf, buffer } = encode({ key: 'k', value: 'v'.repeat(5_000), headers, offsetDelta: 1, timestampDelta: 0 })
  const made = encodeAsPublished({ key: 'k', value: '', headers: {}, offsetDelta: 1, timestampDelta: 0 })
  // As published it begins with 512 bytes, whatever is to come.
  expect(made.buf.length).toBe(512)
  expect(buf.length).toBeLessThan(buffer.length * 2)
})
