import { ServiceUser } from '@clarity/shared/contract/entities'
import { isServiceUserId } from '@clarity/shared/contract/ids'
import type { Step } from '@clarity/shared/store/facts'
import { type EventContext, userChanged } from './events.ts'
import { type LeftOut, withoutLeftOut } from './identity.ts'

/** The steps that take back of outsiders what is not told any more; the members' own listing says what is told of them. */
export function withdrawals(
  entities: readonly (readonly [id: string, json: string])[],
  leftOut: readonly LeftOut[],
  context: EventContext,
): Step[] {
  return entities.flatMap(([id, json]) => {
    if (!isServiceUserId(id)) return []
    const user = ServiceUser.parse(JSON.parse(json))
    if (user.membership === 'member') return []
    const after = { ...user, attributes: withoutLeftOut(user.attributes, leftOut) }
    const events = userChanged(context, user, after)
    if (events.length === 0) return []
    return [{ expect: { id, entity: json }, put: [id, JSON.stringify(after)] as const, events }]
  })
}
