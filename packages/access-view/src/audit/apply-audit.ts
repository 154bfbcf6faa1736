import type { Kysely } from 'kysely'
import { insertRows } from '../feed/write-versions.ts'
import type { Tables } from '../tables.ts'
import type { TenantRecord } from './audit-record.ts'

/** Keeps audit records; one that is there already stays as it is. */
export async function applyAudit(db: Kysely<Tables>, records: readonly TenantRecord[]): Promise<void> {
  const rows = records.map(({ tenantId, record }) => ({
    id: record.id,
    tenant_id: tenantId,
    // To the ms, as cursors have it.
    at: new Date(record.at).toISOString(),
    actor_kind: record.actor.kind,
    actor_id: record.actor.id,
    action: record.action,
    connection_id: record.connectionId ?? null,
    record,
  }))
  await insertRows(db, 'audit', rows, { skipExisting: true })
}
