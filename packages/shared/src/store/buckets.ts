import { ScopeId } from '../contract/ids.ts'
import { stableHash } from '../contract/partition.ts'
import { packFields } from './pack.ts'

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
  readonly #buckets = new Map<string, Map<string, string>>()
  readonly #changed = new Set<string>()

  constructor(scopeId: ScopeId, fields: ReadonlyMap<string, string>) {
    this.#scopeId = scopeId
    for (const [field, value] of fields) this.#bucketOf(field)[1].set(field, value)
  }

  change({ set = [], del = [] }: BucketChange): void {
    for (const [field, value] of set) this.#touch(field).set(field, value)
    for (const field of del) this.#touch(field).delete(field)
  }

  /** The buckets that were changed since the last time, packed; an empty text for one that is empty. */
  takeChanged(): [name: string, packed: string][] {
    const changed = Array.from(
      this.#changed,
      (name) => [name, packFields(this.#buckets.get(name) ?? [])] as [string, string],
    )
    this.#changed.clear()
    return changed
  }

  #touch(field: string): Map<string, string> {
    const [name, bucket] = this.#bucketOf(field)
    this.#changed.add(name)
    return bucket
  }

  #bucketOf(field: string): [name: string, bucket: Map<string, string>] {
    const name = isLarge(this.#scopeId) ? bucketName(this.#scopeId, numberOf(field)) : this.#scopeId
    const bucket = this.#buckets.get(name) ?? new Map<string, string>()
    this.#buckets.set(name, bucket)
    return [name, bucket]
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
