import { addressesPerRequestMax, mistakeInAddress } from '@clarity/shared/contract/candidate-emails'
import { countOf, formatCount } from '../ui/time.tsx'

/** Bitbucket is asked about so many addresses in one request. */
const addressesPerQuestion = 90
/** Whoever took the wrong file learns that from a few. */
const mistakesShown = 10

/** What is in a list of addresses that somebody pasted, or in a file. */
export interface AddressList {
  /** Each once, in lower case. */
  readonly addresses: readonly string[]
  /** Rows that hold something else; the first row is 1. */
  readonly mistakes: readonly { readonly row: number; readonly text: string }[]
  /** So many were there before, in another row. */
  readonly repeated: number
}

/**
 * Reads one address a row, or tables with an address in some column: the cells of a row that have an @ are its addresses. A first
 * row without any is the heading of a table when others follow. Empty rows say nothing.
 */
export function readAddresses(text: string): AddressList {
  const rows = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((content, index) => ({ row: index + 1, content: content.trim() }))
    .filter(({ content }) => content !== '')
  const addresses = new Set<string>()
  const mistakes: { row: number; text: string }[] = []
  let found = 0
  for (const [index, { row, content }] of rows.entries()) {
    const cells = cellsOf(content)
    const isHeading = index === 0 && cells.length === 0 && rows.length > 1 && rows[1]?.content.includes('@') === true
    if (isHeading) continue
    const mistake = cells.length === 0 ? content : cells.find((cell) => mistakeInAddress(cell) !== null)
    if (mistake !== undefined) {
      mistakes.push({ row, text: `Row ${formatCount(row)} is not an e-mail address` })
      continue
    }
    found += cells.length
    for (const cell of cells) addresses.add(cell.toLowerCase())
  }
  return { addresses: [...addresses], mistakes, repeated: found - addresses.size }
}

/** "4,812 addresses: 54 requests". */
export function describeAddresses({ addresses, repeated }: AddressList): string {
  const requests = Math.ceil(addresses.length / addressesPerQuestion)
  const twice = repeated === 0 ? '' : ` ${countOf(repeated, 'repeated one is', 'repeated ones are')} left out.`
  return `${countOf(addresses.length, 'address', 'addresses')}: ${countOf(requests, 'request')}.${twice}`
}

/** The first few mistakes, and how many more there are. */
export function describeMistakes({ mistakes }: AddressList): string[] {
  const more = mistakes.length - mistakesShown
  const texts = mistakes.slice(0, mistakesShown).map(({ text }) => text)
  return more > 0 ? [...texts, `and ${countOf(more, 'more row', 'more rows')}`] : texts
}

/** Parts that the API takes one after the other. */
export function partsOf(addresses: readonly string[]): string[][] {
  const parts: string[][] = []
  for (let from = 0; from < addresses.length; from += addressesPerRequestMax) {
    parts.push(addresses.slice(from, from + addressesPerRequestMax))
  }
  return parts
}

/** The cells of a row that could be addresses, without what stands around them: quotes, or a name before `<address>`. */
function cellsOf(content: string): string[] {
  return content
    .split(/[,;\t]/)
    .filter((cell) => cell.includes('@'))
    .map((cell) =>
      (/<([^<>]*)>/.exec(cell)?.[1] ?? cell)
        .trim()
        .replaceAll(/^["']+|["']+$/g, '')
        .trim(),
    )
}
