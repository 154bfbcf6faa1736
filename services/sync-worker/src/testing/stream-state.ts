import type { ConnectionId } from '@clarity/shared/contract/ids'
import { stateChangesOf, watermarkOf } from '@clarity/shared/contract/state'
import type { Outbox } from '@clarity/shared/store/outbox'
import { ConnectionSnapshot } from '@clarity/shared/store/snapshot'
import { readEntries } from '@clarity/shared/testing/outbox'
import { replay } from '@clarity/testkit/oracles/causality'
import type { StreamRecord } from '@clarity/testkit/oracles/stream'

/** All that waits in the outbox of the only shard, as records of the topic of changes. */
export async function readStream(outbox: Outbox): Promise<StreamRecord[]> {
  const entries = await readEntries(outbox, 0, 1_000_000)
  return entries.map(({ number, sequence, event: { name, subject, syncId, connectionId, data } }) => ({
    partition: 0,
    offset: String(number),
    id: `${sequence} ${name}`,
    name,
    subject,
    connectionId,
    sequence: Number(sequence),
    syncId,
    value: JSON.stringify(data),
  }))
}

/** What a consumer knows that has read all of it. @throws Error where an event contradicts the ones before it */
export async function stateOfStream(outbox: Outbox) {
  const { state, violations } = replay(await readStream(outbox))
  if (violations.length > 0) throw new Error(violations.join('\n'))
  return state
}

/** What the state topic has by then. */
export async function snapshotOfStream(outbox: Outbox, connectionId: ConnectionId): Promise<ConnectionSnapshot> {
  const snapshot = new ConnectionSnapshot(connectionId)
  for (const { sequence, event } of await readEntries(outbox, 0, 1_000_000)) {
    const by = { sequence, time: event.data.observedAt }
    for (const change of stateChangesOf(event)) snapshot.take(change, by)
    snapshot.take(watermarkOf(connectionId, sequence, false), by)
  }
  return snapshot
}
