import { EntitlementId, GroupMembershipId, grantId, nestingId, ServiceUserId } from '@clarity/shared/contract/ids'
import { stateValue } from '@clarity/shared/contract/state'
import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { conditionKinds, type Held, type Tables } from '../tables.ts'
import { keyColumns, tableOf, toKeyRow, type VersionTable } from './rows.ts'
import { type Change, isPresent, type Kind, keyOf, type Version } from './version.ts'
import { recordset } from './write-versions.ts'

type Entity = Pick<Change, 'kind' | 'id'>

/** The versions of some entities of a connection that hold after an event. */
export async function readVersions(
  tx: Transaction<Tables>,
  connection: number,
  entities: readonly Entity[],
  sequence: bigint,
): Promise<Version[]> {
  const unique = new Map(entities.map((entity) => [keyOf(entity), entity]))
  const byTable = Map.groupBy(unique.values(), ({ kind }) => tableOf[kind])
  const versions: Version[] = []
  for (const [table, own] of byTable) {
    const rows = await readRows(tx, table, connection, own, sequence)
    for (const row of rows) versions.push(toVersion(table, row))
  }
  return versions
}

export type VersionRow = Held & Readonly<Record<string, unknown>>

async function readRows(
  tx: Transaction<Tables>,
  table: VersionTable,
  connection: number,
  entities: readonly Entity[],
  sequence: bigint,
): Promise<VersionRow[]> {
  const keys = recordset(
    table,
    entities.map((entity) => ({ connection, ...toKeyRow(entity) })),
  )
  const same = ['connection', ...keyColumns[table]].map(
    (column) => sql`${sql.ref(`t.${column}`)} = ${sql.ref(`k.${column}`)}`,
  )
  const at = sql`${sequence.toString()}::bigint`
  const { rows } = await sql<VersionRow>`
    select t.* from ${keys} as k join ${sql.table(table)} t on ${sql.join(same, sql` and `)}
    where t.from_sequence <= ${at} and (t.to_sequence is null or t.to_sequence > ${at})`.execute(tx)
  return rows
}

/** A row as the version that it is. */
export function toVersion(table: VersionTable, row: VersionRow): Version {
  const entity = toEntity(table, row)
  if (!isPresent(entity)) throw new TypeError(`A row of ${table} has no value`)
  const { from_sequence, from_time, to_sequence, to_time } = row
  return {
    entity,
    from: { sequence: from_sequence, time: from_time },
    to: to_sequence === null ? null : { sequence: to_sequence, time: to_time },
  }
}

function toEntity(table: VersionTable, row: VersionRow): Change {
  switch (table) {
    case 'grants': {
      const serviceUserId = ServiceUserId.parse(row.service_user_id)
      const entitlementId = EntitlementId.parse(`${row.resource}#${row.level}`)
      const id = grantId(serviceUserId, entitlementId)
      return { kind: 'service-user-entitlement', id, value: { id, serviceUserId, entitlementId, assignment: 'direct' } }
    }
    case 'nestings': {
      const container = GroupMembershipId.parse(`${row.container}#member`)
      const contained = EntitlementId.parse(`${row.resource}#${row.level}`)
      const id = nestingId(container, contained)
      return { kind: 'entitlement-nesting', id, value: { id, container, contained } }
    }
    case 'service_users':
      return toChange('service-user', row)
    case 'entitlements':
      return toChange('entitlement', row)
    case 'conditions':
      return toChange(z.enum(conditionKinds).parse(row.kind), row)
  }
}

function toChange(kind: Kind, row: VersionRow): Change {
  // The schema that parses the value is the one of this very kind.
  return { kind, id: String(row.id), value: stateValue[kind].parse(row.value) } as Change
}
