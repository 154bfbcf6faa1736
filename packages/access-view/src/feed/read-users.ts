import type { ServiceUser } from '@clarity/shared/contract/entities'
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** Service users as they are now: connection -> id -> service user. */
export async function readUsers(
  tx: Transaction<Tables>,
  wanted: readonly { readonly connection: number; readonly id: string }[],
): Promise<Map<number, Map<string, ServiceUser>>> {
  const users = new Map<number, Map<string, ServiceUser>>()
  if (wanted.length === 0) return users
  const { rows } = await sql<{ connection: number; id: string; value: ServiceUser }>`
    select u.connection, u.id, u.value
    from json_to_recordset(${JSON.stringify(wanted)}::json) as k(connection int, id text)
    join service_users u on u.connection = k.connection and u.id = k.id and u.to_sequence is null`.execute(tx)
  for (const { connection, id, value } of rows) {
    const own = users.get(connection) ?? new Map<string, ServiceUser>()
    users.set(connection, own.set(id, value))
  }
  return users
}
