import type { BatchEvent } from '@clarity/subscriber'
import type { Selectable, Transaction } from 'kysely'
import type { ConnectionTable, Tables } from '../tables.ts'

/** Locks the connections that events are of, in one order for everybody; those that are new are made. */
export async function lockConnections(
  tx: Transaction<Tables>,
  events: readonly BatchEvent[],
): Promise<Map<string, Selectable<ConnectionTable>>> {
  const tenants = new Map(events.map(({ envelope }) => [envelope.connectionId, envelope.tenantId]))
  const ids = [...tenants.keys()].toSorted()
  if (ids.length === 0) return new Map()
  await makeConnections(tx, tenants)
  const rows = await tx.selectFrom('connections').selectAll().where('id', 'in', ids).orderBy('id').forUpdate().execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Makes the connections that are not there yet. `tenants`: connection -> tenant. */
export async function makeConnections(tx: Transaction<Tables>, tenants: ReadonlyMap<string, string>): Promise<void> {
  const values = [...tenants]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, tenant_id]) => ({
      id,
      tenant_id,
      handled_sequence: 0n,
      begins_sequence: 0n,
      history_ended: false,
      removed: false,
      rebuild: false,
    }))
  await tx
    .insertInto('connections')
    .values(values)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
