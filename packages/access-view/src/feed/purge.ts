import { sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/**
 * Takes out whatever says something of a person but ids and what they hold, from every version and every event of a connection up to
 * a number: of one service user who was erased, or of all when the connection was removed. The history that is still to be made from
 * these events has nothing of it either.
 */
export async function purgePeople(
  tx: Transaction<Tables>,
  connection: number,
  { user, until }: { readonly user: string | null; readonly until: bigint },
): Promise<void> {
  const ofUser = user === null ? sql`` : sql`and id = ${user}`
  await sql`
    update service_users set
      value = value || jsonb_build_object('attributes', '{}'::jsonb, 'externalIds', ${bareIds(sql`value`)}),
      name = id, search = '', matched = false, last_accessed_on = null
    where connection = ${connection} ${ofUser} and from_sequence <= ${until.toString()}::bigint`.execute(tx)
  const ofSubject = user === null ? sql`` : sql`and service_user_id = ${user}`
  await sql`
    update events set data = data
      || case when data ? 'serviceUser' then jsonb_build_object('serviceUser', (data -> 'serviceUser')
           || jsonb_build_object('attributes', '{}'::jsonb, 'externalIds', ${bareIds(sql`data -> 'serviceUser'`)})) else '{}' end
      || case when data ? 'attributes' then '{"attributes": {}, "changed": {}}'::jsonb else '{}' end
      || case when name = 'service-user.updated'
           then jsonb_build_object('changed', (data -> 'changed') - 'externalIds.accountId') else '{}' end
    where connection = ${connection} ${ofSubject} and sequence <= ${until.toString()}::bigint
      and name like 'service-user.%'`.execute(tx)
}

/** The id that is in the service user's own id as well. */
function bareIds(user: ReturnType<typeof sql>) {
  return sql`jsonb_build_object('uuid', ${user} -> 'externalIds' -> 'uuid')`
}
