/** A value of a table. */
export type CsvValue = string | number | boolean | null

/** What a spreadsheet would take for the beginning of a formula, also in full width. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/

/** A line of CSV (RFC 4180: CRLF, quotes where needed). A text that a spreadsheet would take for a formula is made harmless. */
export function toCsvLine(values: readonly CsvValue[]): string {
  return `${values.map(toCell).join(',')}\r\n`
}

function toCell(value: CsvValue): string {
  const text = value === null ? '' : String(value)
  const harmless = typeof value === 'string' && formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
