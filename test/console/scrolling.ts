import type { Locator, Page } from 'playwright-core'
import { z } from 'zod'

const Trace = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.int(),
      tid: z.int(),
      /** Microseconds of the processor, of that thread alone: how busy the machine is otherwise does not count. */
      tdur: z.number().optional(),
      args: z.object({ name: z.unknown().optional() }).optional(),
    }),
  ),
})

export interface Scrolling {
  readonly frames: number
  /** Milliseconds of the clock from frame to frame. */
  readonly frameMs: { readonly median: number; readonly p95: number; readonly longest: number }
  /** Milliseconds of the processor that the page was kept from answering anybody by one task. */
  readonly taskMs: { readonly p95: number; readonly longest: number }
  /** Most rows that were in the document at any time. */
  readonly rowsMax: number
  /** `aria-rowindex` of the last row at the end. */
  readonly lastRow: number
}

/** Scrolls from the beginning of what scrolls to its end, two screenfuls a frame, and says how that went. */
export async function scrollThrough(page: Page, scroller: Locator): Promise<Scrolling> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('the page has no browser')
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  const { frames, ...seen } = await scroller.evaluate(scroll)
  const { traceEvents } = Trace.parse(JSON.parse((await browser.stopTracing()).toString()))
  const threadOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }) => `${pid} ${tid}`
  const isMain = (event: (typeof traceEvents)[number]) => event.args?.name === 'CrRendererMain'
  const mains = new Set(traceEvents.filter(isMain).map(threadOf))
  const tasks = traceEvents.flatMap((event) =>
    event.name.endsWith('RunTask') && mains.has(threadOf(event)) && event.tdur ? [event.tdur / 1_000] : [],
  )
  return {
    ...seen,
    frames: frames.length,
    frameMs: { median: quantile(frames, 0.5), p95: quantile(frames, 0.95), longest: quantile(frames, 1) },
    taskMs: { p95: quantile(tasks, 0.95), longest: quantile(tasks, 1) },
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}

/** Runs in the page. */
async function scroll(scroller: Element) {
  const frames: number[] = []
  let rowsMax = 0
  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  scroller.scrollTop = 0
  let last = await nextFrame()
  while (scroller.scrollTop + scroller.clientHeight < scroller.scrollHeight - 1) {
    scroller.scrollTop += 1_500
    const now = await nextFrame()
    frames.push(now - last)
    last = now
    rowsMax = Math.max(rowsMax, scroller.querySelectorAll('[role="row"]').length)
  }
  await nextFrame()
  await nextFrame()
  const rows = [...scroller.querySelectorAll('[role="row"]')].map((row) => Number(row.getAttribute('aria-rowindex')))
  return { frames, rowsMax, lastRow: Math.max(...rows) }
}
