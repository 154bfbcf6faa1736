import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SignedEvidence } from '../contract/evidence.ts'
import { exampleEvidence } from '../testing/evidence.ts'
import { toCsv } from './to-csv.ts'

const signature: SignedEvidence['signature'] = { algorithm: 'Ed25519', keyId: 'ab'.repeat(8), value: 'A'.repeat(86) }
const csvOf = (change: Partial<SignedEvidence['evidence']>) =>
  toCsv({ evidence: { ...exampleEvidence, ...change }, signature })

test('says every value of the evidence and of its signature, one in a row', () => {
  const rows = parseCsv(toCsv({ evidence: exampleEvidence, signature }))
  expect(rows[0]).toEqual(['section', 'name', 'value'])
  expect(rows.every((row) => row.length === 3)).toBe(true)
  expect(rows).toContainEqual(['evidence', 'tenantId', 'acme'])
  expect(rows).toContainEqual(['workspace', 'uuid', exampleEvidence.workspace.uuid])
  expect(rows).toContainEqual(['listings', 'repositories.bitbucketReported', ''])
  expect(rows).toContainEqual(['listings', 'repositories.pages', '50'])
  expect(rows).toContainEqual(['notRead', 'project/77aa reason', 'timeout, "twice"'])
  expect(rows).toContainEqual(['removals', 'told.grants', '11'])
  expect(rows).toContainEqual(['signature', 'value', signature.value])
  // The scope of each that was not read is in the name of its rows.
  expect(rows.length - 1).toBe(
    countValues({ evidence: exampleEvidence, signature }) - exampleEvidence.notRead.scopes.length,
  )
})

test('quotes what has a quote, a comma or a line break, and ends each row with CRLF', () => {
  const csv = csvOf({ connection: { id: 'con_41', uniqueIdentifier: 'a,"b"\nc' } })
  expect(csv).toContain('connection,uniqueIdentifier,"a,""b""\nc"\r\n')
  expect(csv).toMatch(/^section,name,value\r\n/)
})

test.each(['=1+1', '+1', '-1', '@sum(A1)', '\t=1', '\r=1', ' =1', '\uff1d1'])(
  'takes %j for text, not a formula',
  (text) => {
    const rows = parseCsv(csvOf({ connection: { id: 'con_41', uniqueIdentifier: text }, listings: {} }))
    expect(rows).toContainEqual(['connection', 'uniqueIdentifier', `'${text}`])
    const named = parseCsv(csvOf({ listings: { [text]: { read: 1, bitbucketReported: 1, pages: 1 } } }))
    expect(named).toContainEqual(['listings', `'${text}.read`, '1'])
  },
)

test('any text comes back from it, and none begins as a formula does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (reason) => {
      const since = '2026-11-23T11:00:00.000Z'
      const scope = { scope: 'project/77aa', state: 'stale', reason, since, lastReadAt: since } as const
      const rows = parseCsv(csvOf({ notRead: { scopes: [scope], more: 3 } }))
      const cell = rows.find(([, name]) => name === 'project/77aa reason')?.[2]
      expect([reason, `'${reason}`]).toContain(cell)
      expect(rows.flat().filter((each) => /^[=+\-@\t\r]/.test(each))).toEqual([])
    }),
  )
})

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, member) => sum + countValues(member), 0)
}

/** RFC 4180 as other programs read it. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let match = cells.exec(csv); match !== null; match = cells.exec(csv)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    rows.push(row)
    row = []
    if (cells.lastIndex === csv.length) return rows
  }
  throw new Error(`This is no CSV at ${cells.lastIndex} of ${csv.length}`)
}
