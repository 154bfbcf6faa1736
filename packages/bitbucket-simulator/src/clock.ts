/**
 * The simulator's time. On the system's clock it runs by itself and can be moved forward; a manual one stands still
 * until it is moved, so that hours of limits and token lives pass in no time and every wait ends when it is told to.
 */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves when that much time has passed, or when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves time forward, and ends the waits that are over by then. */
  advance(ms: number): void
}

export type ClockKind = 'system' | 'manual'

/** A clock that reads the machine's time, plus what it was moved by; or, when manual, one that starts at `startAtMs`. */
export function createClock(kind: ClockKind = 'system', startAtMs: number = Date.now()): SimulatorClock {
  const waits = new Set<Wait>()
  let movedMs = 0
  const now = () => (kind === 'manual' ? startAtMs : Date.now()) + movedMs
  const endDue = () => {
    for (const wait of waits) {
      if (wait.dueAtMs <= now()) wait.end()
      else wait.rearm()
    }
  }
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const dueAtMs = now() + ms
        let timer: NodeJS.Timeout | undefined
        const wait: Wait = {
          dueAtMs,
          end() {
            clearTimeout(timer)
            waits.delete(wait)
            signal?.removeEventListener('abort', wait.end)
            resolve()
          },
          rearm() {
            clearTimeout(timer)
            // A timer can fire a moment early by this clock: it is armed anew until the time has come.
            if (kind === 'system') timer = setTimeout(endDue, Math.max(1, dueAtMs - now()))
          },
        }
        waits.add(wait)
        signal?.addEventListener('abort', wait.end, { once: true })
        if (signal?.aborted || ms <= 0) wait.end()
        else wait.rearm()
      }),
    advance(ms) {
      movedMs += ms
      endDue()
    },
  }
}

interface Wait {
  readonly dueAtMs: number
  end(): void
  rearm(): void
}
