import { type BitbucketClient, getWorkspace } from '@clarity/bitbucket'
import type { Connection } from '@clarity/shared/contract/connections'
import { type GroupMembershipId, groupMembershipId, type ScopeId } from '@clarity/shared/contract/ids'
import { type AppliedSettings, settingsOf } from '@clarity/shared/contract/settings'
import { type Sync, type SyncPhase, syncPhases } from '@clarity/shared/contract/syncs'
import type { Clock } from '@clarity/shared/runtime/clock'
import { InvariantError, UpstreamError } from '@clarity/shared/runtime/errors'
import type { CandidateEmailStore } from '@clarity/shared/store/candidate-emails'
import type { ChangeStore } from '@clarity/shared/store/changes'
import type { FactStore } from '@clarity/shared/store/facts'
import type { HoldStore } from '@clarity/shared/store/holds'
import { isResourceIncluded } from '@clarity/shared/store/inclusion'
import type { ListedKind, ListingStore } from '@clarity/shared/store/listings'
import type { SyncStore } from '@clarity/shared/store/syncs'
import pMap from 'p-map'
import { ScopeCommitter, type ScopeResult } from './commit-scope.ts'
import type { ScopeSource } from './confirm-reading.ts'
import { decodeFacts } from './core/facts.ts'
import { attributesLeftOut } from './core/identity.ts'
import { runEffectivePass } from './effective-pass.ts'
import { runListPhase } from './list-resources.ts'
import { MemberEmails } from './member-emails.ts'
import type { SyncWorkerMetrics } from './metrics.ts'
import type { ProgressReport } from './progress.ts'
import { readGroups } from './scopes/groups.ts'
import { groupLook, memberLook, permissionLook } from './scopes/look.ts'
import { readMembers } from './scopes/members.ts'
import { readPermissions } from './scopes/permissions.ts'
import type { Told } from './scopes/reading.ts'
import { type ListedResource, toListedResource } from './scopes/resources.ts'
import { type SliceBounds, SliceOver } from './slice-bounds.ts'
import type { SyncCursor } from './sync-cursor.ts'
import { countIncluded, type TodoSource } from './todo.ts'
import { causes } from './transitions.ts'

/**
 * One slice of a sync: it goes on where the last one ended, until its bounds, the room in the hour or the work is used up.
 *
 *   workspace -> members -> groups -> projects -> repositories -> permissions of projects -> of repositories
 *
 * Every scope is read, compared and committed by itself, so a slice that dies loses what it was just reading. The members
 * come first: until they are known, nobody can be told from an outsider. A scope that cannot be read is counted and its
 * facts stay. What ends the whole sync is what would end every scope: a credential that is refused, a Bitbucket that does
 * not answer.
 */
export interface SliceOptions {
  readonly connection: Connection
  readonly sync: Sync
  readonly token: string
  readonly client: BitbucketClient
  readonly facts: FactStore
  readonly holds: HoldStore
  readonly emails: CandidateEmailStore
  readonly changes: ChangeStore
  readonly syncs: SyncStore
  readonly listings: ListingStore
  readonly todo: TodoSource
  readonly clock: Clock
  readonly progress: ProgressReport
  readonly bounds: SliceBounds
  readonly metrics: Pick<SyncWorkerMetrics, 'scopeRead'>
  /** Scopes that are read at the same time. */
  readonly concurrency: number
}

export type SliceOutcome =
  /** There is more to do, after a wait. */
  | { readonly state: 'over'; readonly reason: SliceOver['reason']; readonly waitMs: number }
  | { readonly state: 'done' }
  | { readonly state: 'cancelled' }
  /** What ended the sync before its end. */
  | { readonly state: 'failed'; readonly error: UpstreamError }

/** So many scopes in a row without an answer, and Bitbucket is taken to be away. */
const unansweredMax = 5

class Cancelled extends Error {}

export class SliceRun {
  readonly #options: SliceOptions
  readonly #committer: ScopeCommitter
  #memberCounts: ReadonlyMap<GroupMembershipId, number> = new Map()

  constructor(options: SliceOptions) {
    this.#options = options
    const { facts, holds, clock, connection, sync, token, syncs, metrics } = options
    this.#committer = new ScopeCommitter({
      facts,
      holds,
      clock,
      connection,
      syncId: sync.id,
      token,
      cause: causes[sync.kind],
      isPreview: sync.kind === 'preview',
      membersOf: (group) => this.#memberCounts.get(group) ?? null,
      count: (counts) => syncs.count(connection.id, sync.id, counts),
      metrics,
    })
  }

  /** Runs to the end of the slice. Rejects only with what is not Bitbucket's doing. */
  async run(signal: AbortSignal): Promise<SliceOutcome> {
    try {
      this.#memberCounts = await this.#countMembers()
      for (;;) {
        if (await this.#options.todo.reads(this.#cursor.phase)) await this.#runPhase(this.#cursor.phase, signal)
        const next = syncPhases[syncPhases.indexOf(this.#cursor.phase) + 1]
        if (next === undefined) return { state: 'done' }
        await this.#moveTo({ phase: next, list: null, scan: '0' })
      }
    } catch (error) {
      if (error instanceof SliceOver) return { state: 'over', reason: error.reason, waitMs: error.waitMs }
      if (error instanceof Cancelled) return { state: 'cancelled' }
      if (error instanceof UpstreamError) return { state: 'failed', error }
      throw error
    }
  }

  get #cursor(): SyncCursor {
    return this.#options.progress.cursor
  }

  /** Writes down where the sync stands, and stops here if nothing more is to be begun. */
  async #moveTo(change: Partial<SyncCursor>): Promise<void> {
    const { progress, bounds } = this.#options
    progress.cursor = { ...progress.cursor, ...change }
    await progress.save()
    if (progress.isCancelled) throw new Cancelled()
    bounds.check()
  }

  async #runPhase(phase: SyncPhase, signal: AbortSignal): Promise<void> {
    const { client, connection, progress } = this.#options
    switch (phase) {
      case 'workspace':
        return this.#step(phase, async () => {
          const workspace = await getWorkspace(client, connection.workspace.uuid, signal)
          progress.cursor = { ...progress.cursor, workspace }
        })
      case 'members':
        return this.#step(phase, () => this.#syncMembers(signal))
      case 'groups':
        return this.#step(phase, () => this.#syncGroups(signal))
      case 'projects':
        return this.#step(phase, () => this.#syncList('project', signal))
      case 'repositories':
        return this.#step(phase, () => this.#syncList('repository', signal))
      case 'effective-permissions':
        return this.#step(phase, () => this.#findChanges(signal))
      case 'project-permissions':
        return this.#syncPermissions(phase, 'project', signal)
      case 'repository-permissions':
        return this.#syncPermissions(phase, 'repository', signal)
    }
  }

  async #step(phase: SyncPhase, work: () => Promise<void>): Promise<void> {
    await this.#options.progress.begin(phase, 1)
    await work()
    await this.#options.progress.advance(phase)
  }

  get #settings(): AppliedSettings {
    return settingsOf(this.#options.connection)
  }

  get #told(): Told {
    const { publishLevels, attributes } = this.#settings
    return { publishLevels, leftOut: attributesLeftOut(attributes) }
  }

  get #slug(): string {
    const { workspace } = this.#cursor
    if (workspace === null) throw new InvariantError('A sync reads scopes before its workspace')
    return workspace.slug
  }

  async #syncMembers(signal: AbortSignal): Promise<void> {
    const { client, progress, facts, connection, sync } = this.#options
    const { workspace } = this.#cursor
    if (workspace === null) throw new InvariantError('A sync reads the members before its workspace')
    const emails = new MemberEmails({ emails: this.#options.emails, facts, connectionId: connection.id })
    const { confirmEmails, attributes } = this.#settings
    // Nobody is told of an address that is left out, so nobody is asked about it.
    const asked = confirmEmails && attributes.includes('email') && (await emails.ask(client, workspace.slug, signal))
    if (asked && asked.state === 'incomplete') this.#stopIfHopeless(asked.error)
    await this.#committer.withdraw(this.#told.leftOut)
    const read = () => readMembers(client, workspace, { ...this.#told, emails }, signal)
    const result = await this.#syncScope('workspace/members', {
      read,
      look: memberLook(client, workspace.slug, signal),
    })
    if (result.state !== 'complete') throw result.error
    if (sync.kind !== 'preview') {
      await emails.forgetOthers(new Set([...result.reading.facts.holdings.values()].map(({ holder }) => holder)))
    }
    const { reported = null, pages = null } = result.list ?? {}
    const members = { bitbucketReported: reported, read: result.reading.facts.holdings.size, pages }
    progress.cursor = { ...progress.cursor, evidence: { ...progress.cursor.evidence, members } }
  }

  async #syncGroups(signal: AbortSignal): Promise<void> {
    const { client } = this.#options
    const read = () => readGroups(client, this.#slug, this.#told, signal)
    await this.#syncScope('workspace/groups', { read, look: groupLook(client, this.#slug, signal) })
    this.#memberCounts = await this.#countMembers()
  }

  async #syncList(kind: ListedKind, signal: AbortSignal): Promise<void> {
    const { client, listings, clock, bounds, connection, sync, token, progress } = this.#options
    const outcome = await runListPhase(
      {
        client,
        listings,
        committer: this.#committer,
        clock,
        bounds,
        workspaceSlug: this.#slug,
        list: { connectionId: connection.id, syncId: sync.id, kind },
        token,
        isPreview: sync.kind === 'preview',
        save: async (list) => {
          progress.cursor = { ...progress.cursor, list }
          await progress.save()
          if (progress.isCancelled) throw new Cancelled()
        },
      },
      this.#cursor.list,
      signal,
    )
    if (outcome.state === 'incomplete') return this.#noteUnlisted(kind, outcome.error)
    const name = kind === 'project' ? 'projects' : 'repositories'
    const { evidence, included } = this.#cursor
    const listed = [...this.#cursor.listed, { kind, again: outcome.again }]
    progress.cursor = { ...this.#cursor, unanswered: 0, listed, evidence: { ...evidence, [name]: outcome.evidence } }
    const ofThese = await countIncluded({ connection, sync, listings }, kind, this.#cursor)
    progress.cursor.included = { ...included, [kind]: ofThese }
  }

  /** Without a complete list nothing can be said of what is new or gone; what is known is read all the same. */
  async #noteUnlisted(kind: ListedKind, error: UpstreamError): Promise<void> {
    await this.#committer.noteUnreadable(kind === 'project' ? 'workspace/projects' : 'workspace/repositories', error)
    this.#stopIfHopeless(error)
  }

  /** A hint that is missing costs time, never truth: a page that does not come ends the looking, not the sync. */
  async #findChanges(signal: AbortSignal): Promise<void> {
    const { client, changes, clock, bounds, connection, todo } = this.#options
    const part = await todo.effective()
    const options = { client, changes, clock, bounds, workspaceSlug: this.#slug, connectionId: connection.id }
    await runEffectivePass(options, part, signal).catch((error: unknown) => {
      if (!(error instanceof UpstreamError)) throw error
      this.#stopIfHopeless(error)
    })
  }

  async #syncScope(scopeId: ScopeId, source: ScopeSource): Promise<ScopeResult> {
    const result = await this.#committer.sync(scopeId, source)
    if (result.state === 'complete') this.#options.progress.cursor.unanswered = 0
    else this.#stopIfHopeless(result.error)
    return result
  }

  #stopIfHopeless(error: UpstreamError): void {
    const { cursor } = this.#options.progress
    if (error.kind === 'unavailable') cursor.unanswered += 1
    const hopeless = error.kind === 'credential' || error.kind === 'rate-limited' || cursor.unanswered >= unansweredMax
    if (hopeless) throw error
  }

  async #syncPermissions(phase: SyncPhase, kind: ListedKind, signal: AbortSignal): Promise<void> {
    const { todo, progress, concurrency } = this.#options
    await progress.begin(phase, await todo.count(kind, this.#cursor))
    for (;;) {
      const resources = await todo.peek(kind, this.#cursor)
      if (resources.length > 0) {
        await forEachConcurrently(resources, { concurrency, signal }, (row, either) =>
          this.#syncOne(toListedResource(row), phase, either),
        )
      } else if (this.#cursor.scan === null) return progress.finish(phase)
      else {
        const { scan, skipped } = await todo.fill(kind, this.#cursor)
        await progress.advance(phase, skipped)
        await this.#moveTo({ scan })
      }
    }
  }

  async #syncOne(listed: ListedResource, phase: SyncPhase, signal: AbortSignal): Promise<void> {
    const { client, todo, bounds, progress } = this.#options
    if (progress.isCancelled) throw new Cancelled()
    bounds.check()
    const slug = this.#slug
    const read = () => readPermissions(client, slug, listed, { ...this.#told, signal })
    const look = permissionLook(client, slug, listed, signal)
    // Decided now, whoever has put it down as to be read: the settings may have changed since, or it has moved.
    const isIncluded = isResourceIncluded(this.#settings.include, listed.resource)
    await (isIncluded ? this.#syncScope(listed.scopeId, { read, look }) : this.#committer.leaveOut(listed.scopeId))
    await todo.remove(listed.scopeId)
    await progress.advance(phase)
  }

  /** How many members each group has, which is told of what a group is given. */
  async #countMembers(): Promise<Map<GroupMembershipId, number>> {
    const { facts, connection } = this.#options
    const counts = new Map<GroupMembershipId, number>()
    const add = (group: GroupMembershipId, members: number) => counts.set(group, (counts.get(group) ?? 0) + members)
    for await (const fields of facts.scanFacts(connection.id, 'workspace/groups')) {
      const { groups, holdings } = decodeFacts('workspace/groups', new Map(fields))
      for (const slug of groups) add(groupMembershipId(slug), 0)
      for (const { resource } of holdings.values()) add(groupMembershipId(resource.slice('group:'.length)), 1)
    }
    return counts
  }
}

/**
 * Works on all items, some at a time. After the first failure no more are begun, and unless it only says that the slice is
 * over, the signal that the others were given aborts; it rejects with that failure once all of them have ended, so that
 * nothing goes on behind our back.
 */
async function forEachConcurrently<Item>(
  items: readonly Item[],
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const abort = new AbortController()
  const either = AbortSignal.any([signal, abort.signal])
  const failures: unknown[] = []
  const one = async (item: Item) => {
    if (failures.length > 0) return
    await work(item, either).catch((error: unknown) => {
      failures.push(error)
      if (!(error instanceof SliceOver)) abort.abort(error)
    })
  }
  await pMap(items, one, { concurrency })
  // A defect or a refusal says more than that the slice is over.
  const [failure] = [...failures.filter((error) => !(error instanceof SliceOver)), ...failures]
  if (failure !== undefined) throw failure
}
