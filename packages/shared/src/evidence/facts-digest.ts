import { createHash } from 'node:crypto'
import type { GrantId, NestingId, ScopeId } from '../contract/ids.ts'

/**
 * One SHA-256 that stands for everything that is held in a connection, in two steps, so that never more than one scope's
 * facts are in memory:
 *
 * 1. of each scope, over a line for each of its grants and nestings: `<id>\n`;
 * 2. of the connection, over a line for each scope: `<scope id> <SHA-256 of the scope in hex>\n`.
 *
 * Lines are sorted by their bytes in UTF-8, a repeated one counts once, a backslash or line break in an id is written `\\` or
 * `\n`. A scope without any grant or nesting has no line. Whoever has followed the events can do the same from the ids
 * alone: the scope of a grant or nesting is that of the resource it is on.
 *
 * It covers who holds what, all of it and nothing else: not names, attributes, or entitlements that nobody holds.
 */

/** The digest of one scope's grants and nestings, in any order; null when there are none. */
export function digestOfScope(ids: Iterable<GrantId | NestingId>): string | null {
  const lines = new Set<string>()
  for (const id of ids) lines.add(id.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\')))
  return lines.size === 0 ? null : digestOfLines(lines)
}

/**
 * The digest of all scopes, in any order, from what `digestOfScope` gave for each. A scope that comes twice counts as it
 * came last. Keeps some 200 bytes for each scope until the end.
 */
export async function digestOfFacts(
  scopes: AsyncIterable<readonly [ScopeId, string | null]> | Iterable<readonly [ScopeId, string | null]>,
): Promise<string> {
  const digests = new Map<string, string>()
  for await (const [scope, digest] of scopes) {
    const beginning = toBytes(`${scope} `)
    if (digest === null) digests.delete(beginning)
    else digests.set(beginning, digest)
  }
  const hash = createHash('sha256')
  // Each line has a beginning of its own, so sorting those sorts the lines.
  for (const beginning of [...digests.keys()].sort()) hash.update(`${beginning}${digests.get(beginning)}\n`, 'latin1')
  return hash.digest('hex')
}

function digestOfLines(lines: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const line of Array.from(lines, (text) => toBytes(`${text}\n`)).sort()) hash.update(line, 'latin1')
  return hash.digest('hex')
}

/** A character for each byte of UTF-8, so that the order of the characters is that of the bytes. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}
