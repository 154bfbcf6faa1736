import type { Freshness } from '../contract/freshness.ts'
import type { ConnectionId } from '../contract/ids.ts'
import type { FactStore } from './facts.ts'
import type { ListingStore } from './listings.ts'
import { measureFreshness, type ScopeRead } from './measure-freshness.ts'

const lists = ['members', 'groups', 'projects', 'repositories'] as const

/** How old the facts of a connection are at the moment, by kind of scope; those that were never read are counted. */
export async function readFreshness(
  { facts, listings }: { readonly facts: FactStore; readonly listings: ListingStore },
  connectionId: ConnectionId,
  nowMs: number,
): Promise<Freshness> {
  const reads: ScopeRead[] = []
  const records = await facts.readRecords(
    connectionId,
    lists.map((list) => `workspace/${list}` as const),
  )
  for (const [index, kind] of lists.entries()) reads.push({ kind, readAt: toMs(records[index]?.readAt) })
  for (const kind of ['project', 'repository'] as const) {
    for await (const [, readAt] of scanReadTimes({ facts, listings }, connectionId, kind)) reads.push({ kind, readAt })
  }
  return measureFreshness(reads, nowMs)
}

/** When each project or repository was last read, in ms; null: never. One that changes meanwhile may come twice. */
export async function* scanReadTimes(
  { facts, listings }: { readonly facts: FactStore; readonly listings: ListingStore },
  connectionId: ConnectionId,
  kind: 'project' | 'repository',
) {
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page = await listings.readKnown(connectionId, kind, cursor)
    const scopeIds = page.rows.map(([scopeId]) => scopeId)
    const records = await facts.readRecords(connectionId, scopeIds)
    for (const [index, scopeId] of scopeIds.entries()) yield [scopeId, toMs(records[index]?.readAt)] as const
    cursor = page.next
  }
}

function toMs(instant: string | null | undefined): number | null {
  return instant == null ? null : Date.parse(instant)
}
