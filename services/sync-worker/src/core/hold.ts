import type { ResourceId } from '@clarity/shared/contract/ids'
import { holdingField } from '@clarity/shared/store/fact-fields'
import { digestOfRemovals, type HeldScope } from '@clarity/shared/store/holds'
import type { Facts, Holding, Reading } from './facts.ts'

/** What a reading takes away of what is stored: what was held, and the groups that are no more. */
export interface Loss {
  readonly holdings: readonly Holding[]
  readonly groups: readonly string[]
}

/** What was held and is not any more, at whatever level, with the groups that went with their members. */
export function lossOf(before: Facts, after: Facts): Loss {
  const holdings: Holding[] = []
  for (const [field, holding] of before.holdings) if (!after.holdings.has(field)) holdings.push(holding)
  const groups = [...before.groups].filter((slug) => !after.groups.has(slug))
  return { holdings, groups }
}

/** A loss as it is put down in the hold. */
export function toHeldScope(
  loss: Loss,
  { kind, observedAt, evidence }: Pick<HeldScope, 'kind' | 'observedAt' | 'evidence'>,
): HeldScope {
  const removals = loss.holdings.map((holding) => [fieldOf(holding), holding.level] satisfies [string, string])
  return { kind, removals, groups: [...loss.groups], observedAt, evidence }
}

/** Whether somebody has rejected exactly this loss before. */
export function isRejected(loss: Loss, rejected: string | null): boolean {
  if (rejected === null) return false
  const removals = loss.holdings.map((holding) => [fieldOf(holding), holding.level] satisfies [string, string])
  return digestOfRemovals({ removals, groups: [...loss.groups] }) === rejected
}

/** The reading as if nothing of the loss had gone: what is new in it is believed, what is missing is not. */
export function keepLoss(reading: Reading, loss: Loss, own: ResourceId | null): Reading {
  const holdings = new Map(reading.facts.holdings)
  const levels = new Set(reading.facts.levels)
  const groups = new Set([...reading.facts.groups, ...loss.groups])
  for (const holding of loss.holdings) {
    holdings.set(fieldOf(holding), holding)
    if (own !== null) levels.add(holding.level)
    // Who is still in a group keeps the group.
    else groups.add(holding.resource.slice('group:'.length))
  }
  return { ...reading, facts: { levels, groups, holdings } }
}

/**
 * What is left once approved removals are made: those that are stored at another level by now stay, for that was found
 * after they were approved. `levels` are those that are told also while nobody holds them.
 */
export function withoutApproved(
  before: Facts,
  { removals, groups }: Pick<HeldScope, 'removals' | 'groups'>,
  { own, levels: toldAnyway }: { readonly own: ResourceId | null; readonly levels: readonly string[] },
): Facts {
  const holdings = new Map(before.holdings)
  for (const [field, level] of removals) if (holdings.get(field)?.level === level) holdings.delete(field)
  const inUse = new Set([...holdings.values()].map(({ level }) => level))
  const levels =
    own === null
      ? before.levels
      : new Set([...before.levels].filter((level) => inUse.has(level) || toldAnyway.includes(level)))
  const populated = new Set([...holdings.values()].map(({ resource }) => resource))
  const left = [...before.groups].filter((slug) => !groups.includes(slug) || populated.has(`group:${slug}`))
  return { levels, groups: new Set(left), holdings }
}

function fieldOf({ holder, resource }: Holding): string {
  return holdingField(holder, resource)
}
