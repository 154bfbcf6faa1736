import { Registry } from 'prom-client'
import { createSyncWorkerMetrics, type SyncWorkerMetrics } from '../metrics.ts'
import type { QueueFigures } from '../queue-metrics.ts'

const noFigures: QueueFigures = {
  jobs: async () => ({ waiting: 0, delayed: 0, active: 0 }),
  oldestWaitingSeconds: async () => 0,
  connectionsHeld: async () => 0,
}

/** The metrics of a sync-worker, and what they show: name with labels -> value, of what is ours and not zero. */
export function createTestMetrics(figures: Partial<QueueFigures> = {}, nowMs: () => number = () => 0) {
  const registry = new Registry()
  const metrics = createSyncWorkerMetrics({ registry, figures: { ...noFigures, ...figures }, nowMs })
  const show = async (): Promise<Readonly<Record<string, number>>> => {
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('clarity_'))
    const values = lines.map((line) => [line.replace(/ [^ ]+$/, ''), Number(line.replace(/^.* /, ''))] as const)
    return Object.fromEntries(values.filter(([, value]) => value !== 0))
  }
  return { metrics, show }
}

/** For tests that are about something else. */
export const anyMetrics: SyncWorkerMetrics = createTestMetrics().metrics
