import type { RemovalLimit } from '@clarity/shared/contract/holds'
import { countOf, formatCount } from '../../ui/time.tsx'

/** What a removal guard means on present numbers; `of`: all grants and nestings. */
export function describeGuard({ share, count }: RemovalLimit, of: number): string {
  const unasked = Math.max(count, Math.floor(of * share))
  if (of === 0) return `Nothing is known yet. ${countOf(count, 'removal')} may always go within a day.`
  if (unasked >= of)
    return `All ${formatCount(of)} grants and nestings may go within a day without a decision: it guards nothing.`
  return `Of ${formatCount(of)} grants and nestings ${formatCount(unasked)} may go within a day. The next one, and all after it, are held until somebody decides.`
}

/** What a removed connection takes back. */
export function describeWithdrawal(counts: {
  readonly serviceUsers: number
  readonly entitlements: number
  readonly grants: number
  readonly nestings: number
}): string {
  const { serviceUsers, entitlements, grants, nestings } = counts
  const all = serviceUsers + entitlements + grants + nestings
  if (all === 0) return 'Nothing has been published of it yet, so no record is withdrawn.'
  const parts = [
    countOf(serviceUsers, 'service user'),
    countOf(entitlements, 'entitlement'),
    countOf(grants, 'grant'),
    countOf(nestings, 'nesting'),
  ]
  return `${countOf(all, 'record')} will be withdrawn: ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}.`
}
