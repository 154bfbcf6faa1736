import type { RunningProcess } from '@clarity/launcher/processes'
import { z } from 'zod'
import { cpuSeconds, peakMiB } from '../load.ts'

/** A line that says that a transaction is over. The publisher logs it, and the bare loop prints the same. */
export const BatchLine = z.object({
  event: z.literal('batch.published'),
  shard: z.int(),
  records: z.int(),
  time: z.iso.datetime(),
})
export type BatchLine = z.infer<typeof BatchLine>

/** What a process did between the end of its first transaction and the end of its last one. */
export interface Run {
  readonly eventsPerSecond: number
  readonly seconds: number
  readonly cpuSeconds: number
  /** The most that was resident since it was started, as the kernel has seen it. */
  readonly peakMiB: number
}

type Start = (onLine: (line: string) => void) => Promise<RunningProcess>

/** Starts a process, watches until it has published so many events, and ends it. Rejects when it ends before. */
export async function watchRun(start: Start, events: number): Promise<Run> {
  const batches: BatchLine[] = []
  const [first, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const said: string[] = []
  let published = 0
  await using running = await start((line) => {
    const batch = parseBatch(line)
    if (batch === null) {
      said.push(line)
      return
    }
    batches.push(batch)
    published += batch.records
    first.resolve()
    if (published >= events) last.resolve()
  })
  const died = running.exited.then(({ code, signal }) => {
    const lines = [
      `${running.name} ended with ${signal ?? code} after ${published} of ${events} events:`,
      ...said.slice(-20),
    ]
    throw new Error(lines.join('\n'))
  })
  await Promise.race([first.promise, died])
  const cpuBefore = await cpuSeconds(running.pid)
  await Promise.race([last.promise, died])
  const [cpuAfter, peak] = [await cpuSeconds(running.pid), await peakMiB(running.pid)]
  // It is ended on purpose from here on.
  died.catch(() => undefined)
  const seconds = secondsOf(batches)
  const eventsPerSecond = (events - (batches[0]?.records ?? 0)) / seconds
  return { eventsPerSecond, seconds, cpuSeconds: cpuAfter - cpuBefore, peakMiB: peak }
}

function parseBatch(line: string): BatchLine | null {
  if (!line.includes('batch.published')) return null
  return BatchLine.parse(JSON.parse(line))
}

/** From the first to the last; lines of several shards may come a little out of order. */
function secondsOf(batches: readonly BatchLine[]): number {
  const times = batches.map(({ time }) => Date.parse(time))
  return (Math.max(...times) - Math.min(...times)) / 1_000
}
