import { type BitbucketClient, type BitbucketWorkspace, getWorkspace } from '@clarity/bitbucket'
import type { Connection } from '@clarity/shared/contract/connections'
import type { EventData } from '@clarity/shared/contract/events'
import {
  type GroupMembershipId,
  groupMembershipId,
  isServiceUserId,
  type ScopeId,
  type SyncId,
} from '@clarity/shared/contract/ids'
import type { Coverage, SyncPhase } from '@clarity/shared/contract/syncs'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { FactStore, ScopeRecord } from '@clarity/shared/store/facts'
import pMap from 'p-map'
import { ScopeCommitter } from './commit-scope.ts'
import { readsDiffer, suddenlyEmpty } from './core/confirm.ts'
import { decodeFacts, type Facts } from './core/facts.ts'
import type { ProgressReport } from './progress.ts'
import { readGroups } from './scopes/groups.ts'
import { groupLook, type Look, memberLook, permissionLook } from './scopes/look.ts'
import { readMembers } from './scopes/members.ts'
import { readPermissions } from './scopes/permissions.ts'
import type { ScopeOutcome } from './scopes/reading.ts'
import { type ListedResource, type ResourceListing, readProjects, readRepositories } from './scopes/resources.ts'
import type { Statistics } from './statistics.ts'

/**
 * One full sync: every scope is read, compared and committed by itself.
 *
 *   workspace -> members -> groups -> the lists of projects and repositories -> the permissions of each
 *   -> resources that both of two lists lack
 *
 * The members come first and must be read: until they are, nobody can be told from an outsider. A scope that
 * cannot be read is counted and its facts stay. What ends the whole sync is what would end every scope: a
 * credential that is refused, a used-up request limit, a Bitbucket that does not answer.
 *
 * A worker that takes the sync of another one up lists everything anew, and reads of the permissions only those
 * that this sync has not read yet: the commits of the scopes are its checkpoints.
 */
export interface SyncRunOptions {
  readonly connection: Connection
  readonly syncId: SyncId
  readonly token: string
  readonly client: BitbucketClient
  readonly facts: FactStore
  readonly clock: Clock
  readonly progress: ProgressReport
  readonly statistics: Statistics
  /** Scopes that are read at the same time. */
  readonly concurrency: number
}

export interface SyncOutcome {
  readonly coverage: Coverage
  readonly evidence: EventData<'sync.completed'>['evidence']
  /** Why it did not come to its end; null when it did. */
  readonly error: UpstreamError | null
}

/** So many scopes in a row without an answer, and Bitbucket is taken to be away. */
const unansweredMax = 5

export class SyncRun {
  readonly #options: SyncRunOptions
  readonly #scopes: ReadonlyMap<string, ScopeRecord>
  readonly #committer: ScopeCommitter
  readonly #memberCounts = new Map<GroupMembershipId, number>()
  readonly #coverage: Coverage = { complete: 0, stale: 0, unobservable: 0 }
  readonly #evidence: Record<string, { bitbucketReported: number | null; read: number }> = {}
  #unanswered = 0

  constructor(options: SyncRunOptions, scopes: ReadonlyMap<string, ScopeRecord>) {
    this.#options = options
    this.#scopes = scopes
    const { facts, clock, connection, syncId, token } = options
    const membersOf = (group: GroupMembershipId) => this.#memberCounts.get(group) ?? null
    this.#committer = new ScopeCommitter({
      facts,
      clock,
      connection,
      syncId,
      token,
      cause: 'full-sync',
      scopes,
      membersOf,
    })
  }

  /** Runs to the end or to what ends it. Rejects only with what is not Bitbucket's doing. */
  async run(signal: AbortSignal): Promise<SyncOutcome> {
    try {
      await this.#runPhases(signal)
      return this.#outcome(null)
    } catch (error) {
      if (error instanceof UpstreamError) return this.#outcome(error)
      throw error
    }
  }

  #outcome(error: UpstreamError | null): SyncOutcome {
    return { coverage: this.#coverage, evidence: this.#evidence, error }
  }

  async #runPhases(signal: AbortSignal): Promise<void> {
    const { client, connection } = this.#options
    const workspace = await this.#step('workspace', () => getWorkspace(client, connection.workspace.uuid, signal))
    const { slug } = workspace
    await this.#step('members', () => this.#syncMembers(workspace, signal))
    await this.#step('groups', () =>
      this.#syncScope('workspace/groups', () => readGroups(client, slug, signal), groupLook(client, slug, signal)),
    )
    const projects = await this.#step('projects', () =>
      this.#list('projects', () => readProjects(client, slug, signal)),
    )
    const repositories = await this.#step('repositories', () =>
      this.#list('repositories', () => readRepositories(client, slug, signal)),
    )
    this.#expectRequests(projects.listed.length, repositories.listed.length)
    await this.#syncAll('project-permissions', projects.listed, slug, signal)
    await this.#syncAll('repository-permissions', repositories.listed, slug, signal)
    await this.#removeGone([...projects.gone, ...repositories.gone])
  }

  async #step<T>(phase: SyncPhase, work: () => Promise<T>): Promise<T> {
    await this.#options.progress.begin(phase, 1)
    const result = await work()
    await this.#options.progress.advance(phase)
    return result
  }

  async #syncMembers(workspace: BitbucketWorkspace, signal: AbortSignal): Promise<void> {
    const { client } = this.#options
    const look = memberLook(client, workspace.slug, signal)
    const result = await this.#syncScope('workspace/members', () => readMembers(client, workspace, signal), look)
    if (result.state !== 'complete') throw result.error
    this.#evidence.members = { bitbucketReported: result.reported, read: result.reading.facts.holdings.size }
  }

  async #syncScope(scopeId: ScopeId, read: () => Promise<ScopeOutcome>, look: Look) {
    const result = await this.#committer.sync(scopeId, read, look)
    this.#coverage[result.state] += 1
    if (result.state === 'complete') {
      this.#unanswered = 0
      this.#options.statistics.add(scopeId, result.reading, result.touched)
      if (scopeId === 'workspace/groups') this.#countMembers(result.reading.facts)
    } else this.#stopIfHopeless(result.error)
    return result
  }

  #countMembers({ groups, holdings }: Facts): void {
    for (const slug of groups) this.#memberCounts.set(groupMembershipId(slug), 0)
    for (const { resource } of holdings.values()) {
      const group = groupMembershipId(resource.slice('group:'.length))
      this.#memberCounts.set(group, (this.#memberCounts.get(group) ?? 0) + 1)
    }
  }

  #stopIfHopeless(error: UpstreamError): void {
    if (error.kind === 'unavailable') this.#unanswered += 1
    const hopeless = error.kind === 'credential' || error.kind === 'rate-limited' || this.#unanswered >= unansweredMax
    if (hopeless) throw error
  }

  /** Reads a list; what is known and not on it is looked for in a second one before it counts as gone. */
  async #list(kind: 'projects' | 'repositories', read: () => Promise<ResourceListing>): Promise<ListResult> {
    const prefix = kind === 'projects' ? 'project/' : 'repository/'
    const known = [...this.#scopes.keys()].filter((id): id is ScopeId => id.startsWith(prefix))
    const first = await read()
    if (first.state === 'incomplete') return this.#unlisted(first.error, known)
    let listed = new Map(first.rows.map((row) => [row.scopeId, row]))
    if (listed.size === 0 && known.length > 0) return this.#unlisted(suddenlyEmpty(`workspace/${kind}`), known)
    let { reported } = first
    let gone = known.filter((id) => !listed.has(id))
    if (gone.length > 0) {
      const second = await read()
      if (second.state === 'incomplete') return this.#unlisted(second.error, known)
      const again = new Map(second.rows.map((row) => [row.scopeId, row]))
      const missing = [...listed.keys()].some((id) => !again.has(id))
      if (missing) return this.#unlisted(readsDiffer(`workspace/${kind}`), known)
      listed = again
      reported = second.reported
      gone = gone.filter((id) => !listed.has(id))
    }
    this.#evidence[kind] = { bitbucketReported: reported, read: listed.size }
    await this.#committer.note(`workspace/${kind}`)
    this.#coverage.complete += 1
    return { listed: [...listed.values()], gone }
  }

  /** Without a complete list nothing can be said of any resource of that kind: all of them stay as they are. */
  #unlisted(error: UpstreamError, known: readonly ScopeId[]): ListResult {
    this.#coverage.stale += 1 + known.length
    this.#stopIfHopeless(error)
    return { listed: [], gone: [] }
  }

  /** The floor of a full sync: 2R + 2P + c(U) + c(P) + c(R) + 2, with c(n) = max(1, ceil(n / 100)). */
  #expectRequests(projects: number, repositories: number): void {
    const pages = (rows: number) => Math.max(1, Math.ceil(rows / 100))
    const members = this.#evidence.members?.read ?? 0
    const lists = pages(members) + pages(projects) + pages(repositories) + 2
    this.#options.progress.requestsExpected = 2 * repositories + 2 * projects + lists
  }

  async #syncAll(
    phase: SyncPhase,
    resources: readonly ListedResource[],
    slug: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, progress, concurrency } = this.#options
    await progress.begin(phase, resources.length)
    await forEachConcurrently(resources, { concurrency, signal }, async (listed, either) => {
      if (this.#wasRead(listed.scopeId)) return this.#countStored(listed.scopeId, phase)
      const look = permissionLook(client, slug, listed, either)
      await this.#syncScope(listed.scopeId, () => readPermissions(client, slug, listed, either), look)
      await progress.advance(phase)
    })
    await progress.save()
  }

  /** Whether a worker before this one has read and committed the scope in this very sync. */
  #wasRead(scopeId: ScopeId): boolean {
    const known = this.#scopes.get(scopeId)
    return known?.readBy === this.#options.syncId && known.unobservable === null
  }

  async #countStored(scopeId: ScopeId, phase: SyncPhase): Promise<void> {
    const { facts, connection, statistics, progress } = this.#options
    const { fields } = await facts.readFacts(connection.id, scopeId)
    const stored = decodeFacts(scopeId, fields)
    const users = new Set([...stored.holdings.values()].map(({ holder }) => holder).filter(isServiceUserId))
    statistics.add(scopeId, { facts: stored, users }, new Set())
    this.#coverage.complete += 1
    await progress.advance(phase)
  }

  async #removeGone(gone: readonly ScopeId[]): Promise<void> {
    const { progress, clock } = this.#options
    await progress.begin('removed-resources', gone.length)
    for (const scopeId of gone) {
      await this.#committer.remove(scopeId, { reads: 2, confirmedAt: toInstant(clock.now()) })
      await progress.advance('removed-resources')
    }
    await progress.save()
  }
}

/**
 * Works on all items, some at a time. After the first failure no more are begun and the signal that the others were
 * given aborts; it rejects with that failure once all of them have ended, so that nothing goes on behind our back.
 */
async function forEachConcurrently<Item>(
  items: readonly Item[],
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const one = async (item: Item) => {
    if (failure.signal.aborted) return
    await work(item, either).catch((error: unknown) => failure.abort(error))
  }
  await pMap(items, one, { concurrency })
  failure.signal.throwIfAborted()
}

interface ListResult {
  readonly listed: readonly ListedResource[]
  /** Known resources that two complete lists lack. */
  readonly gone: readonly ScopeId[]
}
