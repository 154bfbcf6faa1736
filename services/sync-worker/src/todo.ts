import type { Connection } from '@clarity/shared/contract/connections'
import type { ScopeId } from '@clarity/shared/contract/ids'
import { settingsOf } from '@clarity/shared/contract/settings'
import type { Sync, SyncPhase } from '@clarity/shared/contract/syncs'
import type { FactStore } from '@clarity/shared/store/facts'
import { includesAll, isResourceIncluded } from '@clarity/shared/store/inclusion'
import type { List, ListedKind, ListedRow, ListingStore, RowPage } from '@clarity/shared/store/listings'
import { wasTriedBy } from '@clarity/shared/store/scope-record'
import type { SyncCursor } from './sync-cursor.ts'

/** What a sync reads: which of its phases, and in the phases of permissions which scopes, in which order. */
export interface TodoSource {
  /** Whether the sync has such a phase. */
  reads(phase: SyncPhase): Promise<boolean>
  /** Its part of a pass of the effective permissions. */
  effective(): Promise<{ readonly pages: number; readonly begin: boolean }>
  /** How many scopes of that kind it reads in all. */
  count(kind: ListedKind, cursor: SyncCursor): Promise<number>
  /** Puts the next scopes down as to be read; where the ones after them begin, and how many were read by this sync before. */
  fill(kind: ListedKind, cursor: SyncCursor): Promise<{ readonly scan: string | null; readonly skipped: number }>
  /** The next scopes to be read, of those that were put down. */
  peek(kind: ListedKind, cursor: SyncCursor): Promise<readonly ListedRow[]>
  /** One is done with. */
  remove(scopeId: ScopeId): Promise<void>
}

export interface TodoOptions {
  readonly connection: Connection
  readonly sync: Sync
  readonly facts: FactStore
  readonly listings: ListingStore
}

/** All phases, and every project and repository that is listed, or that is known where the list could not be read. */
export class WholeWorkspace implements TodoSource {
  readonly #options: TodoOptions

  constructor(options: TodoOptions) {
    this.#options = options
  }

  async reads(phase: SyncPhase): Promise<boolean> {
    return phase !== 'effective-permissions'
  }

  async effective() {
    return { pages: 0, begin: false }
  }

  async count(kind: ListedKind, cursor: SyncCursor): Promise<number> {
    const listed = cursor.evidence[listNames[kind]]
    return listed?.read ?? 0
  }

  async fill(kind: ListedKind, cursor: SyncCursor) {
    const { connection, sync, facts, listings } = this.#options
    const from = cursor.scan ?? '0'
    const list = listOf(sync, kind, cursor)
    const { rows, next } =
      list !== null ? await listings.readListed(list, from) : await listings.readKnown(connection.id, kind, from)
    const scopeIds = rows.map(([scopeId]) => scopeId)
    const records = sync.kind === 'preview' ? [] : await facts.readRecords(connection.id, scopeIds)
    const left = scopeIds.filter((_, index) => !(records[index] && wasTriedBy(records[index], sync.id)))
    await listings.pushTodo(connection.id, sync.id, left)
    return { scan: next, skipped: scopeIds.length - left.length }
  }

  peek(kind: ListedKind, cursor: SyncCursor): Promise<readonly ListedRow[]> {
    return peekRows(this.#options, kind, cursor)
  }

  async remove(scopeId: ScopeId): Promise<void> {
    await this.#options.listings.removeTodo(this.#options.connection.id, this.#options.sync.id, scopeId)
  }
}

/** The scopes that a targeted sync names; the members as well when nobody has read them yet. */
export class NamedScopes implements TodoSource {
  readonly #options: TodoOptions

  constructor(options: TodoOptions) {
    this.#options = options
  }

  async reads(phase: SyncPhase): Promise<boolean> {
    const { connection, sync, facts } = this.#options
    if (phase === 'effective-permissions') return false
    const scope = scopesOfPhases[phase]
    if (scope === undefined || sync.scopes?.includes(scope)) return true
    if (scope !== 'workspace/members' && scope !== 'workspace/groups') return false
    const [record] = await facts.readRecords(connection.id, [scope])
    return record?.readAt == null
  }

  async effective() {
    return { pages: 0, begin: false }
  }

  async count(kind: ListedKind): Promise<number> {
    return this.#named(kind).length
  }

  async fill(kind: ListedKind) {
    const { connection, sync, facts, listings } = this.#options
    const named = this.#named(kind)
    const records = await facts.readRecords(connection.id, named)
    const left = named.filter((_, index) => !(records[index] && wasTriedBy(records[index], sync.id)))
    await listings.pushTodo(connection.id, sync.id, left)
    return { scan: null, skipped: named.length - left.length }
  }

  peek(kind: ListedKind, cursor: SyncCursor): Promise<readonly ListedRow[]> {
    return peekRows(this.#options, kind, cursor)
  }

  async remove(scopeId: ScopeId): Promise<void> {
    await this.#options.listings.removeTodo(this.#options.connection.id, this.#options.sync.id, scopeId)
  }

  #named(kind: ListedKind): ScopeId[] {
    return (this.#options.sync.scopes ?? []).filter((scopeId) => scopeId.startsWith(`${kind}/`))
  }
}

/** The scope that each phase reads, where that is a single one; those without are always run. */
export const scopesOfPhases: Partial<Record<SyncPhase, ScopeId>> = {
  members: 'workspace/members',
  groups: 'workspace/groups',
  projects: 'workspace/projects',
  repositories: 'workspace/repositories',
}

/** Scopes that are taken up at a time. */
const peekMax = 50

/** The next rows; a scope of which nothing is known any more is let go. */
export async function peekRows(
  { connection, sync, listings }: TodoOptions,
  kind: ListedKind,
  cursor: SyncCursor,
): Promise<readonly ListedRow[]> {
  for (;;) {
    const scopeIds = await listings.peekTodo(connection.id, sync.id, peekMax)
    const rows = await listings.find(connection.id, listOf(sync, kind, cursor), scopeIds)
    const found = new Set(rows.map(([scopeId]) => scopeId))
    for (const scopeId of scopeIds) if (!found.has(scopeId)) await listings.removeTodo(connection.id, sync.id, scopeId)
    if (rows.length > 0 || scopeIds.length === 0) return rows
  }
}

/**
 * How many of the projects or repositories are to be read, of those that this sync has listed, or that are known where it
 * has not. One that changes meanwhile may count twice.
 */
export async function countIncluded(
  { connection, sync, listings }: Omit<TodoOptions, 'facts'>,
  kind: ListedKind,
  cursor: SyncCursor,
): Promise<number> {
  const { include } = settingsOf(connection)
  const listed = cursor.evidence[listNames[kind]]
  if (listed !== undefined && includesAll(include)) return listed.read
  const list = listOf(sync, kind, cursor)
  let count = 0
  for (let from: string | null = '0'; from !== null; ) {
    const page: RowPage =
      list !== null ? await listings.readListed(list, from) : await listings.readKnown(connection.id, kind, from)
    count += page.rows.filter(([, resource]) => isResourceIncluded(include, resource)).length
    from = page.next
  }
  return count
}

const listNames = { project: 'projects', repository: 'repositories' } as const

/** The list as this sync has read it whole, if it has. */
function listOf(sync: Sync, kind: ListedKind, cursor: SyncCursor): List | null {
  const listed = cursor.listed.find((one) => one.kind === kind)
  return listed === undefined ? null : { connectionId: sync.connectionId, syncId: sync.id, ...listed }
}
