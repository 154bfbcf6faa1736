// Incremental syncs as the worker makes them: each run asks the planner what to read and reads that, in this order.

import type { Cadences, Freshness } from '@clarity/shared/contract/freshness'
import { planCadences, requestsPerRepository } from '@clarity/shared/store/cadences'
import { measureFreshness, type ScopeRead } from '@clarity/shared/store/measure-freshness'
import { completePass, createDetectorState, type EffectiveRow, observeRows } from '@clarity/sync-worker/core/detector'
import { type ListTier, type PassProgress, planIncremental, type ScopeReadTimes } from '@clarity/sync-worker/core/plan'
import { Random } from './random.ts'
import { listCosts, Run, type Shape, weekSeconds } from './run.ts'

export interface PlannedOptions {
  /** The list of effective permissions comes sorted by repository; else in no order at all. */
  readonly sorted: boolean
}

class PlannedSyncs {
  readonly run: Run
  hints = 0
  freshness: Freshness | null = null
  readonly #shape: Shape
  readonly #options: PlannedOptions
  readonly #lists: Partial<Record<ListTier, number>> = {}
  readonly #projects = new Map<string, ScopeReadTimes>()
  readonly #repositories = new Map<string, ScopeReadTimes>()
  readonly #detector = createDetectorState()
  #pass: PassProgress | null = null
  #rows: Iterator<EffectiveRow> = [].values()
  #rowsSeen = 0
  #effectiveRows: number

  constructor(shape: Shape, seed: number, options: PlannedOptions) {
    this.run = new Run(shape, seed)
    this.#shape = shape
    this.#options = options
    this.#effectiveRows = this.run.world.countRows()
    this.#startSteady(new Random(seed + 1))
  }

  /** One incremental sync after the other, until every change of the week is told. */
  go(): void {
    let credit = 0
    for (;;) {
      const cadences = this.cadences()
      const { run } = this
      credit = Math.min(cadences.requestsPerRun, credit + cadences.requestsPerRun)
      const before = run.requests
      const startedAt = run.now
      const plan = planIncremental({
        now: run.now * 1_000,
        cadences,
        lists: this.#lists,
        projects: this.#projects,
        repositories: this.#repositories,
        pass: this.#pass,
        requestsLeft: credit,
      })
      for (const list of plan.lists) this.#readList(list)
      for (const scopeId of plan.projects) this.#readScope(this.#projects, scopeId, 2)
      // What this run's pages name is read in this run, in the place of what promises least.
      const hinted = this.#readEffective(plan.effective)
      const repositories = [...new Set([...hinted, ...plan.repositories])].slice(0, plan.repositories.length)
      for (const scopeId of repositories) {
        this.#readScope(this.#repositories, scopeId, requestsPerRepository)
      }
      credit -= run.requests - before
      if (this.freshness === null && run.now >= weekSeconds) this.freshness = this.#measure()
      if (run.finished && this.freshness !== null) return
      run.waitUntil(startedAt + cadences.runEverySeconds)
    }
  }

  cadences() {
    const { projects, repositories, requestsPerHour } = this.#shape
    const members = this.run.world.members.size
    const effectiveRows = this.#effectiveRows
    return planCadences({
      members,
      projects,
      repositories,
      effectiveRows,
      requestsPerHour,
    })
  }

  /** The planner has been at work for long: ages are spread over their cadence, and one pass was seen to its end. */
  #startSteady(random: Random): void {
    const { tiers } = this.cadences()
    const age = (name: string) => -random.next() * (tiers.find(({ tier }) => tier === name)?.everySeconds ?? 0) * 1_000
    for (const list of ['members', 'groups', 'projects', 'repositories'] as const) this.#lists[list] = age(list)
    for (let project = 0; project < this.#shape.projects; project++) {
      this.#projects.set(`project/${project}`, { readAt: age('project-permissions'), hintedAt: null })
    }
    for (let repository = 0; repository < this.#shape.repositories; repository++) {
      this.#repositories.set(`repository/${repository}`, { readAt: age('repository-permissions'), hintedAt: null })
    }
    if (!tiers.some(({ tier }) => tier === 'effective-permissions')) return
    observeRows(this.#detector, this.#listRows())
    completePass(this.#detector)
  }

  #measure(): Freshness {
    const reads: ScopeRead[] = []
    for (const kind of ['members', 'groups', 'projects', 'repositories'] as const) {
      reads.push({ kind, readAt: this.#lists[kind] ?? null })
    }
    for (const { readAt } of this.#projects.values()) reads.push({ kind: 'project', readAt })
    for (const { readAt } of this.#repositories.values()) reads.push({ kind: 'repository', readAt })
    return measureFreshness(reads, this.run.now * 1_000)
  }

  #readList(list: ListTier): void {
    this.#lists[list] = this.run.now * 1_000
    this.run.read(list, listCosts(this.run.world)[list])
  }

  #readScope(scopes: Map<string, ScopeReadTimes>, scopeId: string, requests: number): void {
    const readAt = this.run.now * 1_000
    const age = (readAt - (scopes.get(scopeId)?.readAt ?? readAt)) / 1_000
    if (scopes === this.#repositories) this.run.longestUnread = Math.max(this.run.longestUnread, age)
    scopes.set(scopeId, { readAt, hintedAt: null })
    this.run.read(scopeId, requests)
  }

  #readEffective({ pages, begin }: { pages: number; begin: boolean }): string[] {
    const hints: string[] = []
    if (begin) {
      this.#pass = { startedAt: this.run.now * 1_000, pagesRead: 0, finished: false }
      this.#rows = this.#listRows()
      this.#rowsSeen = 0
    }
    for (let page = 0; page < pages && this.#pass?.finished === false; page++) {
      this.run.request()
      const rows = this.#takeRows(100)
      hints.push(...observeRows(this.#detector, rows))
      this.#rowsSeen += rows.length
      const finished = rows.length < 100
      this.#pass = { ...this.#pass, pagesRead: this.#pass.pagesRead + 1, finished }
      if (!finished) continue
      hints.push(...completePass(this.#detector))
      this.#effectiveRows = this.#rowsSeen
    }
    this.#hint(hints)
    return hints
  }

  #takeRows(count: number): EffectiveRow[] {
    const rows: EffectiveRow[] = []
    while (rows.length < count) {
      const next = this.#rows.next()
      if (next.done === true) break
      rows.push(next.value)
    }
    return rows
  }

  #hint(scopeIds: readonly string[]): void {
    for (const scopeId of scopeIds) {
      this.hints++
      const readAt = this.#repositories.get(scopeId)?.readAt ?? null
      this.#repositories.set(scopeId, { readAt, hintedAt: this.run.now * 1_000 })
    }
  }

  /** The list of effective permissions, as it is at the moment when its rows are taken. */
  *#listRows(): Generator<EffectiveRow, undefined> {
    const parts = this.#options.sorted ? [0] : [0, 1]
    for (const part of parts) {
      for (let repository = 0; repository < this.#shape.repositories; repository++) {
        for (const row of this.run.world.rows(repository)) {
          if (parts.length === 1 || row.userId.charCodeAt(row.userId.length - 1) % 2 === part) yield row
        }
      }
    }
  }
}

/** A week of incremental syncs, and what follows until every change of the week is told. */
export function runPlanned(shape: Shape, seed: number, options: PlannedOptions = { sorted: true }): Planned {
  const syncs = new PlannedSyncs(shape, seed, options)
  const cadences = syncs.cadences()
  syncs.go()
  if (syncs.freshness === null) throw new Error('The week was not over')
  return { run: syncs.run, cadences, hints: syncs.hints, freshness: syncs.freshness }
}

export interface Planned {
  readonly run: Run
  readonly cadences: Cadences
  /** Repositories that the detector named. */
  readonly hints: number
  /** Ages of the facts when the week was over. */
  readonly freshness: Freshness
}
