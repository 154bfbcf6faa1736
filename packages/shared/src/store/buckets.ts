import { ScopeId } from '../contract/ids.ts'
import { stableHash } from '../contract/partition.ts'
import { PackedFields } from './pack.ts'

/** The members and the groups are as many as there are people; all else is one resource's. */
const bucketsOfLargeScope = 64

/** Under which names the facts of a scope are kept: one, or several where a scope is as large as the workspace. */
export function bucketNames(scopeId: ScopeId): string[] {
  if (!isLarge(scopeId)) return [scopeId]
  return Array.from({ length: bucketsOfLargeScope }, (_, number) => bucketName(scopeId, number))
}

/** The scope whose facts are kept under that name. */
export function scopeOfBucket(name: string): ScopeId {
  return ScopeId.parse(name.replace(/~\d+$/, ''))
}

/** In the order of the buckets, so that what is written at once touches few of them. */
export function inOrderOfBuckets<Value>(
  scopeId: ScopeId,
  fields: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  if (!isLarge(scopeId)) return fields
  const buckets: [string, Value][][] = Array.from({ length: bucketsOfLargeScope }, () => [])
  for (const entry of fields) buckets[numberOf(entry[0])]?.push(entry)
  return new Map(buckets.flat())
}

/** The facts of one scope while they are changed. */
export class Buckets {
  readonly #scopeId: ScopeId
  /** As they were stored. */
  readonly #stored: ReadonlyMap<string, string>
  /** Those that were changed at any time, as they are now. */
  readonly #buckets = new Map<string, PackedFields>()
  readonly #changed = new Set<string>()

  constructor(scopeId: ScopeId, stored: ReadonlyMap<string, string>) {
    this.#scopeId = scopeId
    this.#stored = stored
  }

  change({ set = [], del = [] }: BucketChange): void {
    for (const [field, value] of set) this.#touch(field).set(field, value)
    for (const field of del) this.#touch(field).delete(field)
  }

  /** The buckets that were changed since the last time, packed; an empty text for one that is empty. */
  takeChanged(): [name: string, packed: string][] {
    const changed: [string, string][] = []
    for (const name of this.#changed) changed.push([name, this.#buckets.get(name)?.pack() ?? ''])
    this.#changed.clear()
    return changed
  }

  #touch(field: string): PackedFields {
    const name = isLarge(this.#scopeId) ? bucketName(this.#scopeId, numberOf(field)) : this.#scopeId
    this.#changed.add(name)
    const bucket = this.#buckets.get(name) ?? new PackedFields(this.#stored.get(name) ?? '')
    this.#buckets.set(name, bucket)
    return bucket
  }
}

interface BucketChange {
  readonly set?: readonly (readonly [field: string, value: string])[]
  readonly del?: readonly string[]
}

function bucketName(scopeId: ScopeId, number: number): string {
  return `${scopeId}~${number}`
}

function numberOf(field: string): number {
  return stableHash(field) % bucketsOfLargeScope
}

function isLarge(scopeId: ScopeId): boolean {
  return scopeId === 'workspace/members' || scopeId === 'workspace/groups'
}
