import type { ScopeId } from '@clarity/shared/contract/ids'
import { settingsOf } from '@clarity/shared/contract/settings'
import type { SyncPhase } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import { cadencesOf } from '@clarity/shared/store/cadences'
import type { ChangeStore } from '@clarity/shared/store/changes'
import type { StoredConnection, WorkspaceSize } from '@clarity/shared/store/connections'
import { requestsOfIncremental } from '@clarity/shared/store/estimate'
import { isResourceIncluded, notIncluded } from '@clarity/shared/store/inclusion'
import type { ListedKind, ListedRow } from '@clarity/shared/store/listings'
import { scanKnown } from '@clarity/shared/store/read-freshness'
import { type IncrementalPlan, type ListTier, planIncremental, type ScopeReadTimes } from './core/plan.ts'
import type { SyncCursor } from './sync-cursor.ts'
import { peekRows, scopesOfPhases, type TodoOptions, type TodoSource } from './todo.ts'

export interface IncrementalOptions extends TodoOptions {
  readonly stored: StoredConnection
  readonly changes: ChangeStore
  readonly clock: Clock
  /** Requests of all credentials in an hour, and how many of them are free now. */
  readonly room: { readonly perHour: number; readonly free: number }
  /** Requests that this sync has made so far. */
  readonly requestsMade: () => number
}

const lists = ['members', 'groups', 'projects', 'repositories'] as const satisfies readonly ListTier[]

/**
 * What an incremental sync reads: the lists that are due, the projects that are due, its part of a pass of the effective
 * permissions, and the repositories whose reading promises most, as far as its share of the budget goes. Each is planned when
 * its turn comes, from what is known then.
 */
export class PlannedScopes implements TodoSource {
  readonly #options: IncrementalOptions
  readonly #counts = new Map<ListedKind, number>()

  constructor(options: IncrementalOptions) {
    this.#options = options
  }

  async reads(phase: SyncPhase): Promise<boolean> {
    if (phase === 'effective-permissions') return (await this.effective()).pages > 0
    const scope = scopesOfPhases[phase]
    if (scope === undefined) return true
    const [record] = await this.#options.facts.readRecords(this.#options.connection.id, [scope])
    if (record?.readAt == null) return true
    const { lists: due } = await this.#plan({})
    return due.some((tier) => tier === phase)
  }

  /** Its part of a pass of the effective permissions. */
  async effective(): Promise<IncrementalPlan['effective']> {
    const { changes, connection, stored } = this.#options
    const isKnown = stored.size.repositories !== null
    // How long the list is, its first page tells; whether it is worth more than that is planned from then on.
    if (isKnown && (await changes.readPass(connection.id)) === null) return { pages: 1, begin: true }
    const { times } = await this.#readKnown('repository')
    return (await this.#plan({ repositories: times })).effective
  }

  async count(kind: ListedKind, { scan }: SyncCursor): Promise<number> {
    const { listings, connection, sync } = this.#options
    if (scan === null) return this.#counts.get(kind) ?? (await listings.countTodo(connection.id, sync.id))
    const count = (await this.#choose(kind)).length
    this.#counts.set(kind, count)
    return count
  }

  async fill(kind: ListedKind) {
    const { listings, connection, sync } = this.#options
    await listings.pushTodo(connection.id, sync.id, await this.#choose(kind))
    return { scan: null, skipped: 0 }
  }

  peek(kind: ListedKind, cursor: SyncCursor): Promise<readonly ListedRow[]> {
    return peekRows(this.#options, kind, cursor)
  }

  async remove(scopeId: ScopeId): Promise<void> {
    const { listings, connection, sync } = this.#options
    await listings.removeTodo(connection.id, sync.id, scopeId)
  }

  async #choose(kind: ListedKind): Promise<ScopeId[]> {
    const { times, leftOut } = await this.#readKnown(kind)
    const plan = await this.#plan(kind === 'project' ? { projects: times } : { repositories: times })
    const chosen = new Set(kind === 'project' ? plan.projects : plan.repositories)
    // That something is left out costs no request, and is told by the next sync, whatever it reads.
    return [...times.keys()]
      .filter((scopeId) => chosen.has(scopeId))
      .sort(byOrderIn([...chosen]))
      .concat(leftOut)
  }

  async #plan(scopes: {
    readonly projects?: ReadonlyMap<ScopeId, ScopeReadTimes>
    readonly repositories?: ReadonlyMap<ScopeId, ScopeReadTimes>
  }): Promise<IncrementalPlan> {
    const { facts, connection, changes, clock, room, stored, requestsMade } = this.#options
    const pass = await changes.readPass(connection.id)
    const size = zeroIfUnknown(stored.size)
    const cadences = cadencesOf(size, room.perHour, pass?.rows ?? null)
    if (cadences === null) return { lists: [...lists], projects: [], effective: noPages, repositories: [], requests: 0 }
    const records = await facts.readRecords(
      connection.id,
      lists.map((list) => `workspace/${list}` as const),
    )
    const readAt = lists.map((list, index) => [list, toMs(records[index]?.readAt)] as const)
    return planIncremental({
      now: clock.now(),
      cadences,
      lists: Object.fromEntries(readAt),
      projects: scopes.projects ?? [],
      repositories: scopes.repositories ?? [],
      pass: pass && { startedAt: pass.startedAtMs, pagesRead: pass.pagesRead, finished: pass.finished },
      requestsLeft: Math.max(0, Math.min(room.free, requestsOfIncremental(cadences, stored.schedule) - requestsMade())),
    })
  }

  /**
   * When each was last read, and since when something says that it has changed; and those that the settings leave out
   * and that nobody was told of yet.
   */
  async #readKnown(kind: ListedKind): Promise<{ times: Map<ScopeId, ScopeReadTimes>; leftOut: ScopeId[] }> {
    const { connection, changes } = this.#options
    const { include } = settingsOf(connection)
    const hints = await changes.readHints(connection.id)
    const times = new Map<ScopeId, ScopeReadTimes>()
    const [settled, leftOut] = [[] as ScopeId[], new Set<ScopeId>()]
    for await (const { scopeId, resource, record } of scanKnown(this.#options, connection.id, kind)) {
      const [readAt, hintedAt] = [toMs(record.readAt), hints.get(scopeId) ?? null]
      const isIncluded = isResourceIncluded(include, resource)
      if (hintedAt !== null && (!isIncluded || (readAt !== null && readAt > hintedAt))) settled.push(scopeId)
      if (isIncluded) times.set(scopeId, { readAt, hintedAt })
      else if (record.notRead?.reason !== notIncluded) leftOut.add(scopeId)
    }
    await changes.forgetHints(connection.id, settled)
    return { times, leftOut: [...leftOut] }
  }
}

const noPages: IncrementalPlan['effective'] = { pages: 0, begin: false }

function zeroIfUnknown({ members, projects, repositories }: WorkspaceSize): WorkspaceSize {
  return { members: members ?? 0, projects: projects ?? 0, repositories: repositories ?? 0 }
}

function byOrderIn(order: readonly string[]) {
  const places = new Map(order.map((id, index) => [id, index]))
  return (a: string, b: string) => (places.get(a) ?? 0) - (places.get(b) ?? 0)
}

function toMs(instant: string | null | undefined): number | null {
  return instant == null ? null : Date.parse(instant)
}
