import { describe, expect, test } from 'vitest'
import { describeAddresses, describeMistakes, partsOf, readAddresses } from './address-list.ts'

const many = (count: number) => Array.from({ length: count }, (_, index) => `person${index}@example.test`)

describe('a list of addresses', () => {
  test.each([
    ['one a row', 'a@example.test\nb@example.test', ['a@example.test', 'b@example.test']],
    [
      'rows as Windows ends them, and a mark of the byte order',
      '\uFEFFa@example.test\r\nb@example.test\r\n',
      ['a@example.test', 'b@example.test'],
    ],
    [
      'several in a row',
      'a@example.test, b@example.test; c@example.test',
      ['a@example.test', 'b@example.test', 'c@example.test'],
    ],
    [
      'a table with a heading',
      'Name,E-mail\n"Person, A","A@Example.test"\nB,b@example.test',
      ['a@example.test', 'b@example.test'],
    ],
    ['as a mail program writes them', 'Person A <a@example.test>', ['a@example.test']],
    ['nothing', ' \n\n', []],
  ])('reads %s', (_, text, addresses) => {
    expect(readAddresses(text)).toEqual({ addresses, mistakes: [], repeated: 0 })
  })

  test('names the row that is no address as the file counts it, and tells nothing of what is in it', () => {
    const rows = many(20)
    rows[13] = 'Person Fourteen'
    rows[15] = 'a b@example.test'
    rows[17] = ''
    const { addresses, mistakes } = readAddresses(rows.join('\n'))
    expect(addresses).toHaveLength(17)
    expect(mistakes.map(({ text }) => text)).toEqual([
      'Row 14 is not an e-mail address',
      'Row 16 is not an e-mail address',
    ])
  })

  test('takes a first row without an address for a mistake when it stands alone', () => {
    expect(readAddresses('nobody').mistakes).toEqual([{ row: 1, text: 'Row 1 is not an e-mail address' }])
  })

  test('counts each address once', () => {
    const list = readAddresses('a@example.test\nA@example.test\nb@example.test')
    expect(list).toMatchObject({ addresses: ['a@example.test', 'b@example.test'], repeated: 1 })
    expect(describeAddresses(list)).toBe('2 addresses: 1 request. 1 repeated one is left out.')
  })

  test('says how many requests it takes', () => {
    expect(describeAddresses(readAddresses(many(4_812).join('\n')))).toBe('4,812 addresses: 54 requests.')
    expect(describeAddresses(readAddresses(many(90).join('\n')))).toBe('90 addresses: 1 request.')
    expect(describeAddresses(readAddresses(many(91).join('\n')))).toBe('91 addresses: 2 requests.')
  })

  test('names the first ten mistakes, and how many more there are', () => {
    const texts = describeMistakes(readAddresses(['a@example.test', ...Array<string>(12).fill('nobody')].join('\n')))
    expect(texts).toHaveLength(11)
    expect([texts[0], texts.at(-1)]).toEqual(['Row 2 is not an e-mail address', 'and 2 more rows'])
  })

  test('is sent in parts that the API takes', () => {
    const parts = partsOf(many(20_001))
    expect(parts.map(({ length }) => length)).toEqual([10_000, 10_000, 1])
    expect(parts.flat()).toEqual(many(20_001))
    expect(partsOf([])).toEqual([])
  })
})
