import type { ScopeId } from '@clarity/shared/contract/ids'
import { UpstreamError } from '@clarity/shared/runtime/errors'
import type { Facts, Reading } from './facts.ts'

/** True when `after` lacks something that `before` has: then nothing is believed before a second read. */
export function lacks(before: Facts, after: Facts): boolean {
  const missing = (had: Iterable<string>, has: { has(key: string): boolean }) => [...had].some((key) => !has.has(key))
  return missing(before.holdings.keys(), after.holdings) || missing(before.groups, after.groups)
}

/**
 * Two complete reads of one scope as one. Pages shift while they are read, so a single listing can miss a row
 * that was there all the time: only what both reads lack is gone. Where they differ, the second is newer.
 */
export function mergeReadings(first: Reading, second: Reading): Reading {
  const holdings = new Map([...first.facts.holdings, ...second.facts.holdings])
  const held = new Set([...holdings.values()].map(({ level }) => level))
  const stillHeld = [...first.facts.levels].filter((level) => held.has(level))
  return {
    facts: {
      resource: second.facts.resource ?? first.facts.resource,
      levels: new Set([...second.facts.levels, ...stillHeld]),
      groups: new Set([...first.facts.groups, ...second.facts.groups]),
      holdings,
    },
    users: new Map([...first.users, ...second.users]),
    groups: new Map([...first.groups, ...second.groups]),
  }
}

/** True when there were groups and now there is none at all: nobody takes all of them away, but answers have been empty. */
export function lostAllGroups(before: Facts, after: Facts): boolean {
  return before.groups.size > 0 && after.groups.size === 0
}

/** A listing that is empty where there was something, or where there always is something. It is not believed. */
export function suddenlyEmpty(scopeId: ScopeId): UpstreamError {
  return new UpstreamError('contract', 'suddenly-empty', `Bitbucket lists nothing at all in ${scopeId}`, {
    remedy: 'Look at the workspace in Bitbucket; the facts stay as they were until something is listed again.',
    context: { scopeId },
  })
}
