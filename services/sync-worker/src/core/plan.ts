// What one incremental sync reads, in order: the lists that are due, the projects that are due, its part of a pass of the
// effective permissions, and then the repositories whose reading promises most, as far as the requests go.
//
// The lists are read when they are due, whatever is left: they are cheap, and everything else names what they hold. The
// rest shares what remains. Repositories beyond their cadence take turns with those that a hint names, so that neither a
// flood of hints nor a long absence starves the other. What is left reads on, oldest first: requests not made are lost.
// What the pages of this very sync name goes before all of them, in the place of the last.

import type { Cadences, Tier } from '@clarity/shared/contract/freshness'
import { requestsPerRepository } from '@clarity/shared/store/cadences'
import { Smallest } from './smallest.ts'

/** Instants are milliseconds since 1970. */
export interface ScopeReadTimes {
  /** null: never. */
  readonly readAt: number | null
  /** When something last said that the scope has changed: a detector, a webhook. Of no effect when older than `readAt`. */
  readonly hintedAt: number | null
}

export const listTiers = ['members', 'groups', 'projects', 'repositories'] as const
export type ListTier = (typeof listTiers)[number]

/** How far the present or last pass of the effective permissions has come. */
export interface PassProgress {
  readonly startedAt: number
  readonly pagesRead: number
  readonly finished: boolean
}

export interface PlanInput {
  readonly now: number
  readonly cadences: Cadences
  readonly lists: Readonly<Partial<Record<ListTier, number | null>>>
  readonly projects: Iterable<readonly [scopeId: string, ScopeReadTimes]>
  readonly repositories: Iterable<readonly [scopeId: string, ScopeReadTimes]>
  /** null: no pass was ever begun. */
  readonly pass: PassProgress | null
  /** That this sync may make; see `requestsPerRun` of the cadences. */
  readonly requestsLeft: number
}

export interface IncrementalPlan {
  readonly lists: ListTier[]
  readonly projects: string[]
  /** Pages of the effective permissions, from where the pass is; `begin`: a new pass, from the first one. */
  readonly effective: { readonly pages: number; readonly begin: boolean }
  readonly repositories: string[]
  /** That all this takes, without second reads. */
  readonly requests: number
}

/** Plans one incremental sync. Reads the scopes once, one after the other, and keeps no more of them than it plans. */
export function planIncremental(input: PlanInput): IncrementalPlan {
  const costs = new Map(input.cadences.tiers.map((tier) => [tier.tier, tier.requests]))
  const lists = listTiers.filter((tier) => isListDue(input, tier))
  const forLists = lists.reduce((sum, tier) => sum + (costs.get(tier) ?? 0), 0)
  let left = Math.max(0, input.requestsLeft - forLists)
  const projects = chooseProjects(input, Math.floor(left / 2))
  left -= 2 * projects.length
  const each = requestsPerRepository
  const chosen = chooseRepositories(input, Math.floor(left / each))
  const effective = planPass(input, left - each * chosen.late)
  const repositories = chosen.scopeIds.slice(0, Math.floor((left - effective.pages) / each))
  const requests = forLists + 2 * projects.length + effective.pages + each * repositories.length
  return { lists, projects, effective, repositories, requests }
}

function cadenceMs(cadences: Cadences, tier: Tier): number | null {
  const found = cadences.tiers.find((each) => each.tier === tier)
  return found === undefined ? null : found.everySeconds * 1_000
}

/** Runs start a little early or late; half of one is nearer to its time than to the next. */
function isDue(input: PlanInput, readAt: number | null, everyMs: number): boolean {
  return readAt === null || input.now - readAt + input.cadences.runEverySeconds * 500 >= everyMs
}

function isListDue(input: PlanInput, tier: ListTier): boolean {
  const everyMs = cadenceMs(input.cadences, tier)
  return everyMs !== null && isDue(input, input.lists[tier] ?? null, everyMs)
}

function hintOf({ readAt, hintedAt }: ScopeReadTimes): number | null {
  return hintedAt !== null && (readAt === null || hintedAt > readAt) ? hintedAt : null
}

function chooseProjects(input: PlanInput, limit: number): string[] {
  const everyMs = cadenceMs(input.cadences, 'project-permissions')
  if (everyMs === null) return []
  const hinted = new Smallest<string>(limit)
  const due = new Smallest<string>(limit)
  for (const [scopeId, times] of input.projects) {
    const hint = hintOf(times)
    if (hint !== null) hinted.offer(hint, scopeId)
    else if (isDue(input, times.readAt, everyMs)) due.offer(times.readAt ?? Number.NEGATIVE_INFINITY, scopeId)
  }
  return [...hinted.toSorted(), ...due.toSorted()].slice(0, limit).map(({ item }) => item)
}

/** A pass is spread over its cadence, and after a delay catches up at no more than twice that pace. */
function planPass(input: PlanInput, left: number): IncrementalPlan['effective'] {
  const { cadences, now, pass } = input
  const tier = cadences.tiers.find((each) => each.tier === 'effective-permissions')
  if (tier === undefined) return { pages: 0, begin: false }
  const everyMs = tier.everySeconds * 1_000
  const begin = pass === null || (pass.finished && isDue(input, pass.startedAt, everyMs))
  if (pass?.finished === true && !begin) return { pages: 0, begin: false }
  const runMs = cadences.runEverySeconds * 1_000
  const atPace = (ms: number) => Math.ceil((tier.requests * ms) / everyMs)
  const behind = begin ? 0 : atPace(now - pass.startedAt) - pass.pagesRead
  const remaining = tier.requests - (begin ? 0 : pass.pagesRead)
  // The list may have grown since its rows were counted; then it goes on at its pace until the last page.
  const end = remaining > 0 ? remaining : atPace(runMs)
  const pages = Math.max(0, Math.min(behind + atPace(runMs), 2 * atPace(runMs), end, left))
  return { pages, begin: begin && pages > 0 }
}

/** Those to read if all requests went to them, best first, and how many of them are beyond their cadence. */
function chooseRepositories(input: PlanInput, limit: number): { scopeIds: string[]; late: number } {
  const everyMs = cadenceMs(input.cadences, 'repository-permissions')
  if (everyMs === null || limit <= 0) return { scopeIds: [], late: 0 }
  const soonestMs = input.cadences.runEverySeconds * 500
  const hinted = new Smallest<string>(limit)
  const oldest = new Smallest<string>(limit)
  for (const [scopeId, times] of input.repositories) {
    const hint = hintOf(times)
    const age = times.readAt === null ? Number.POSITIVE_INFINITY : input.now - times.readAt
    if (hint !== null) hinted.offer(hint, scopeId)
    else if (age >= soonestMs) oldest.offer(-age, scopeId)
  }
  const others = oldest.toSorted()
  const late = others.findIndex(({ rank }) => -rank < everyMs)
  return interleave(hinted.toSorted(), others, late < 0 ? others.length : late, limit)
}

/** The hinted ones and the late ones, which come first among the others, in turns; then the others by age. */
function interleave(hinted: readonly Ranked[], others: readonly Ranked[], lateOthers: number, limit: number) {
  const scopeIds: string[] = []
  let late = 0
  let next = 0
  for (const { item } of hinted) {
    scopeIds.push(item)
    const other = next < lateOthers ? others[next++] : undefined
    if (other !== undefined) scopeIds.push(other.item)
    if (other !== undefined && scopeIds.length <= limit) late++
  }
  for (; scopeIds.length < limit && next < others.length; next++) {
    scopeIds.push(others[next]?.item ?? '')
    if (next < lateOthers) late++
  }
  return { scopeIds: scopeIds.slice(0, limit), late }
}

interface Ranked {
  readonly rank: number
  readonly item: string
}
