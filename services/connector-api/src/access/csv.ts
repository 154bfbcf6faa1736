import { Readable } from 'node:stream'
import { type CsvValue, toCsvLine } from '@clarity/shared/runtime/csv'

/** What stands at the top of a table, for whoever finds the file later. */
export type Preamble = Readonly<Record<string, string>>

/** A row of a table: name of the column -> value. */
export type CsvRow = Readonly<Record<string, CsvValue>>

/**
 * A table as CSV, page by page as it is read. Lines that begin with # say as of when it is, how much it covers, what was asked for,
 * and who has asked.
 */
export function toCsvStream(
  preamble: Preamble,
  columns: readonly string[],
  pages: AsyncIterable<readonly CsvRow[]>,
): Readable {
  return Readable.from(toLines(preamble, columns, pages))
}

async function* toLines(preamble: Preamble, columns: readonly string[], pages: AsyncIterable<readonly CsvRow[]>) {
  const head = Object.entries(preamble).map(([name, value]) => `# ${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}\r\n`)
  yield `${head.join('')}${toCsvLine(columns)}`
  for await (const rows of pages) {
    yield rows.map((row) => toCsvLine(columns.map((column) => row[column] ?? null))).join('')
  }
}
