import type { Resource } from '../contract/entities.ts'
import type { Freshness } from '../contract/freshness.ts'
import type { ConnectionId, ScopeId } from '../contract/ids.ts'
import { type Include, includeAll } from '../contract/settings.ts'
import type { FactStore } from './facts.ts'
import { isResourceIncluded } from './inclusion.ts'
import type { ListedKind, ListingStore } from './listings.ts'
import { measureFreshness, type ScopeRead } from './measure-freshness.ts'
import { noRecord, type ScopeRecord } from './scope-record.ts'

const lists = ['members', 'groups', 'projects', 'repositories'] as const

/**
 * How old the facts of a connection are at the moment, by kind of scope; those that were never read are counted, those that
 * the settings leave out are not.
 */
export async function readFreshness(
  { facts, listings }: { readonly facts: FactStore; readonly listings: ListingStore },
  connectionId: ConnectionId,
  nowMs: number,
  include: Include = includeAll,
): Promise<Freshness> {
  const reads: ScopeRead[] = []
  const records = await facts.readRecords(
    connectionId,
    lists.map((list) => `workspace/${list}` as const),
  )
  for (const [index, kind] of lists.entries()) reads.push({ kind, readAt: toMs(records[index]?.readAt) })
  for (const kind of ['project', 'repository'] as const) {
    for await (const { resource, record } of scanKnown({ facts, listings }, connectionId, kind)) {
      if (isResourceIncluded(include, resource)) reads.push({ kind, readAt: toMs(record.readAt) })
    }
  }
  return measureFreshness(reads, nowMs)
}

/** A project or repository as it was last listed, and what is known of its scope. */
export interface KnownResource {
  readonly scopeId: ScopeId
  readonly resource: Resource
  readonly record: ScopeRecord
}

/** All projects or repositories that are known. One that changes meanwhile may come twice. */
export async function* scanKnown(
  { facts, listings }: { readonly facts: FactStore; readonly listings: ListingStore },
  connectionId: ConnectionId,
  kind: ListedKind,
): AsyncGenerator<KnownResource> {
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page = await listings.readKnown(connectionId, kind, cursor)
    const scopeIds = page.rows.map(([scopeId]) => scopeId)
    const records = await facts.readRecords(connectionId, scopeIds)
    for (const [index, [scopeId, resource]] of page.rows.entries()) {
      yield { scopeId, resource, record: records[index] ?? noRecord }
    }
    cursor = page.next
  }
}

function toMs(instant: string | null | undefined): number | null {
  return instant == null ? null : Date.parse(instant)
}
