import type { Admin, Kafka } from 'kafkajs'
import { type ReadToEndOptions, readToEnd } from './read-to-end.ts'
import { parseStateRecord, type StateRecord } from './state-record.ts'

export interface BootstrapOptions {
  readonly kafka: Kafka
  readonly admin: Admin
  readonly topics: { readonly changes: string; readonly state: string }
  readonly groupId: string
  /** What is there now, in the order in which it became so. */
  readonly onState: (record: StateRecord) => void | Promise<void>
}

/** How far what was read includes the changes. */
export interface Bootstrapped {
  /** Connection -> the number of the last event that is included. */
  readonly handled: ReadonlyMap<string, bigint>
  /** Where the changes are to be followed from. */
  readonly offsets: readonly { readonly partition: number; readonly offset: string }[]
}

/**
 * Reads what is there now, so that following the changes from the offsets misses nothing: these are noted before. What was
 * told between lies in both; `handled` says which events are included already.
 */
export async function bootstrap({ kafka, admin, topics, groupId, onState }: BootstrapOptions): Promise<Bootstrapped> {
  const ends = await admin.fetchTopicOffsets(topics.changes)
  const offsets = ends.map(({ partition, high }) => ({ partition, offset: high }))
  const handled = await readState({ kafka, admin, topic: topics.state, groupPrefix: `${groupId}.bootstrap`, onState })
  return { handled, offsets }
}

export interface ReadStateOptions
  extends Pick<ReadToEndOptions, 'kafka' | 'admin' | 'topic' | 'groupPrefix' | 'signal'> {
  /** Only this partition; all when absent. */
  readonly partition?: number
  readonly onState: (record: StateRecord) => void | Promise<void>
}

/**
 * Reads the compacted present to its end. Of each connection the records come in the order of the changes that made them, and all
 * of them are whole up to the number that is answered for it. @returns connection -> that number
 */
export async function readState({ partition, onState, ...options }: ReadStateOptions): Promise<Map<string, bigint>> {
  const handled = new Map<string, bigint>()
  /** The highest number of any record of a connection; its watermark comes behind. */
  const seen = new Map<string, bigint>()
  await readToEnd({
    ...options,
    ...(partition !== undefined && { partitions: new Set([partition]) }),
    isWhole: () => [...seen].every(([connectionId, sequence]) => (handled.get(connectionId) ?? 0n) >= sequence),
    onRecord: async (record) => {
      const state = parseStateRecord(record)
      if (state === null) return
      const { connectionId, sequence, change } = state
      if (sequence > (seen.get(connectionId) ?? 0n)) seen.set(connectionId, sequence)
      await onState(state)
      if (change.kind === 'watermark') handled.set(connectionId, BigInt(change.value?.sequence ?? 0))
    },
  })
  return handled
}
