import { ServiceUser } from '@clarity/shared/contract/entities'
import { isServiceUserId } from '@clarity/shared/contract/ids'
import type { Step } from '@clarity/shared/store/facts'
import { type EventContext, userChanged } from './events.ts'
import { type LeftOut, withoutLeftOut } from './identity.ts'

/** The steps that take back of service users what is not told any more. */
export function withdrawals(
  entities: readonly (readonly [id: string, json: string])[],
  leftOut: readonly LeftOut[],
  context: EventContext,
): Step[] {
  return entities.flatMap(([id, json]) => {
    if (!isServiceUserId(id)) return []
    const user = ServiceUser.parse(JSON.parse(json))
    const after = { ...user, attributes: withoutLeftOut(user.attributes, leftOut) }
    const events = userChanged(context, user, after)
    if (events.length === 0) return []
    return [{ expect: { id, entity: json }, put: [id, JSON.stringify(after)] as const, events }]
  })
}
