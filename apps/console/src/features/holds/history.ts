import { eventData } from '@clarity/shared/contract/events'
import type { ItemOf } from '../../api/client.ts'
import type { ToldEvent } from '../../api/queries.ts'

type AuditRecord = Pick<ItemOf<'listConnectionAudit'>, 'at' | 'action' | 'actor' | 'reason' | 'target'>

/** Something that became of held removals. */
export type HoldStory =
  | {
      readonly type: 'held'
      readonly at: string
      readonly removals: number
      readonly of: number
      readonly share: number
    }
  | {
      readonly type: 'decided'
      readonly at: string
      readonly decision: 'approved' | 'partly' | 'rejected' | 'restored' | 'expired'
      readonly removed: number
      readonly kept: number
      /** Who decided, and why; null: nobody did, or it is not known. */
      readonly by: { readonly name: string; readonly reason: string | null } | null
    }

/** A decision and its record are put down together; so far apart their times may be. */
const togetherMs = 2_000

type Told = Pick<ToldEvent, 'name' | 'data'>

/** What an event tells of held removals; null: nothing, or in a form that is not known. */
export function toStory({ name, data }: Told, records: readonly AuditRecord[]): HoldStory | null {
  if (name === 'sync.held') {
    const parsed = eventData['sync.held'].safeParse(data)
    if (!parsed.success) return null
    const { wouldRemove, observedAt: at } = parsed.data
    const { grants, nestings, of, share } = wouldRemove
    return { type: 'held', at, removals: grants + nestings, of, share }
  }
  if (name !== 'sync.released') return null
  const parsed = eventData['sync.released'].safeParse(data)
  if (!parsed.success) return null
  const { decision, counts, observedAt: at } = parsed.data
  return { type: 'decided', at, decision, ...counts, by: decidedBy(decision, at, records) }
}

function decidedBy(decision: string, at: string, records: readonly AuditRecord[]) {
  const action = { approved: 'removals.approved', partly: 'removals.approved', rejected: 'removals.rejected' }[decision]
  const record = records.find((one) => {
    return one.action === action && Math.abs(Date.parse(one.at) - Date.parse(at)) <= togetherMs
  })
  return record === undefined ? null : { name: record.actor.name ?? record.actor.id, reason: record.reason }
}
