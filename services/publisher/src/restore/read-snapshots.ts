import { ConnectionId } from '@clarity/shared/contract/ids'
import { type StateChange, stateKeyParts, stateKindOf, stateValue } from '@clarity/shared/contract/state'
import { ConnectionSnapshot } from '@clarity/shared/store/snapshot'
import { readToEnd, type TopicRecord } from '@clarity/subscriber'
import type { Admin, Kafka } from 'kafkajs'
import type { StreamNames } from '../shard-stream.ts'

export interface StateSource {
  readonly kafka: Kafka
  readonly admin: Admin
  readonly names: StreamNames
}

/** What the stream has told of the connections that `isWanted`, and holds now. */
export async function readSnapshots(
  { kafka, admin, names }: StateSource,
  partitions: ReadonlySet<number>,
  isWanted: (connectionId: ConnectionId) => boolean,
): Promise<Map<ConnectionId, ConnectionSnapshot>> {
  const snapshots = new Map<ConnectionId, ConnectionSnapshot>()
  await readToEnd({
    kafka,
    admin,
    topic: names.state,
    groupPrefix: `${names.group}.restore`,
    partitions,
    isWhole: () => [...snapshots.values()].every(({ isWhole }) => isWhole),
    onRecord: (record) => {
      const id = ConnectionId.safeParse(stateKeyParts(record.key)?.connectionId)
      if (!id.success || !isWanted(id.data)) return
      const change = toStateChange(record)
      if (change === null) return
      const snapshot = snapshots.get(id.data) ?? new ConnectionSnapshot(id.data)
      snapshots.set(id.data, snapshot)
      const { ce_sequence = '0', ce_time = '' } = record.headers
      snapshot.take(change, { sequence: BigInt(ce_sequence), time: ce_time })
    },
  })
  return snapshots
}

/** What a record says; null for a kind that this version does not know. */
function toStateChange({ key, value, headers }: TopicRecord): StateChange | null {
  const parts = stateKeyParts(key)
  const kind = stateKindOf(headers.ce_type ?? '')
  if (parts === null || kind === null) return null
  const parsed = value === null ? null : stateValue[kind].parse(JSON.parse(value))
  // The schema that parsed the value is the one of this very kind.
  return { kind, id: parts.id, value: parsed } as StateChange
}
