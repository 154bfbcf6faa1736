import type { AuditEntry, Outbox, OutboxEntry, ReadableEntry } from '../store/outbox.ts'

/** The events that wait in a shard, all of it readable. */
export async function readEntries(outbox: Outbox, shard: number, count = 1_000): Promise<OutboxEntry[]> {
  return (await readAll(outbox, shard, count)).filter((entry) => 'event' in entry)
}

/** The audit records that wait in a shard, all of it readable. */
export async function readAudits(outbox: Outbox, shard: number, count = 1_000): Promise<AuditEntry[]> {
  return (await readAll(outbox, shard, count)).filter((entry) => 'audit' in entry)
}

async function readAll(outbox: Outbox, shard: number, count: number): Promise<ReadableEntry[]> {
  const { entries } = await outbox.read(shard, count)
  return entries.map((entry) => {
    if ('fault' in entry) throw new Error(`entry ${entry.number}: ${entry.fault}`)
    return entry
  })
}

/** Forgets all that waits in a shard, as if Kafka had it. */
export async function emptyOutbox(outbox: Outbox, shard: number): Promise<void> {
  const { published, entries } = await outbox.read(shard, Number.MAX_SAFE_INTEGER)
  const last = entries.at(-1)
  if (last !== undefined) await outbox.trim(shard, published, last)
}
