import type { Actor, AuditTargetKind, PendingAudit } from '@clarity/shared/contract/audit'
import { auditRecorded, type Done } from '@clarity/shared/contract/auditable'
import { type Clock, toInstant } from '@clarity/shared/runtime/clock'

/** On whose behalf something is done, and by which request. */
export interface RequestedBy {
  readonly actor: Actor
  readonly requestId: string
}

/** Makes the record of what somebody does; it is appended together with what it tells of. */
export type Audit = <Kind extends AuditTargetKind>(
  by: RequestedBy,
  done: Omit<Done<Kind>, 'actor' | 'requestId'>,
) => PendingAudit

export function createAudit({ clock, newId }: { readonly clock: Clock; readonly newId: () => string }): Audit {
  return ({ actor, requestId }, done) =>
    auditRecorded({ ...done, actor, requestId }, { id: `aud_${newId()}`, at: toInstant(clock.now()) })
}
