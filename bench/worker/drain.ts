import { setTimeout as delay } from 'node:timers/promises'
import { createOutbox } from '@clarity/shared/store/outbox'
import type { RunningConnector } from './connector.ts'

const batch = 1_000

/** Stands in for the publisher: takes the events out of all outboxes until it is disposed of, when none is left. */
export function drainOutboxes({ redis, keys }: Pick<RunningConnector, 'redis' | 'keys'>) {
  const outbox = createOutbox(redis, keys)
  const all = Array.from({ length: keys.shards }, (_, shard) => shard)
  let stopping = false
  let events = 0
  const drain = async (shard: number) => {
    const { published, entries } = await outbox.read(shard, batch)
    const last = entries.at(-1)
    if (last !== undefined) await outbox.trim(shard, published, last)
    return entries.length
  }
  const run = async () => {
    for (;;) {
      const wasStopping = stopping
      const taken = (await Promise.all(all.map(drain))).reduce((sum, count) => sum + count, 0)
      events += taken
      if (taken === 0 && wasStopping) return
      if (taken === 0) await delay(50)
    }
  }
  const running = run()
  return {
    get events() {
      return events
    },
    /** Ends once nothing is left. Rejects when it could not go on. */
    async stop() {
      stopping = true
      await running
    },
  }
}
