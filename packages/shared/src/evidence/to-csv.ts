import type { SignedEvidence } from '../contract/evidence.ts'
import { toCsvLine } from '../runtime/csv.ts'

/**
 * Signed evidence as CSV (RFC 4180: CRLF, quotes where needed) with the columns section, name and value, for people with a
 * spreadsheet. It says all that the JSON says, the signature included, but only the JSON can be verified.
 */
export function toCsv({ evidence, signature }: SignedEvidence): string {
  const { notRead, version, tenantId, requests, ...sections } = evidence
  const rows: Row[] = [
    ['section', 'name', 'value'],
    ...rowsOf('evidence', { version, tenantId, requests }),
    ...Object.entries(sections).flatMap(([section, value]) => rowsOf(section, value)),
    ...notRead.scopes.flatMap(({ scope, ...rest }) => rowsOf('notRead', rest, `${scope} `)),
    ...rowsOf('notRead', { more: notRead.more }),
    ...rowsOf('signature', signature),
  ]
  return rows.map(toCsvLine).join('')
}

type Value = string | number | null
type Row = readonly [section: string, name: string, value: Value]
interface Group {
  readonly [name: string]: Value | Group
}

/** A row for each value, named by its path. */
function rowsOf(section: string, group: Group, prefix = ''): Row[] {
  return Object.entries(group).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? rowsOf(section, value, `${prefix}${name}.`)
      : [[section, `${prefix}${name}`, value] satisfies Row],
  )
}
