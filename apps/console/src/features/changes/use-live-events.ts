import { useEffect, useEffectEvent, useState } from 'react'
import { answered, client } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import type { ToldEvent } from '../../api/queries.ts'

const waitSeconds = 25
const pageSize = 200
const againMs = 3_000

/** What comes, in the order in which it was told; `missed` are numbers that did not come. */
export interface Arrival {
  readonly items: readonly ToldEvent[]
  readonly after: number
  readonly next: number
}

export interface LiveState {
  /** Since when nothing can be heard; null: all is well. */
  readonly lostSince: string | null
}

/**
 * Asks for what comes after an event, again and again, each time until something is there. `onGone` is called when what
 * follows is not kept any more, so that the list has to be read anew. A `start` of null asks for nothing.
 */
export function useLiveEvents(
  connectionId: string,
  start: number | null,
  handlers: {
    readonly onArrival: (arrival: Arrival, signal: AbortSignal) => Promise<void>
    readonly onGone: () => void
  },
): LiveState {
  const [lostSince, setLostSince] = useState<string | null>(null)
  const onArrival = useEffectEvent(handlers.onArrival)
  const onGone = useEffectEvent(handlers.onGone)
  useEffect(() => {
    if (start === null) return
    const closing = new AbortController()
    const { signal } = closing
    const follow = async () => {
      for (let after = start; !signal.aborted; ) {
        try {
          const query = { after, wait: waitSeconds, limit: pageSize }
          const path = { id: connectionId }
          const { items, next } = await answered(
            client.GET('/v1/connections/{id}/changes', { params: { path, query }, signal }),
          )
          setLostSince(null)
          if (items.length > 0) await onArrival({ items, after, next }, signal)
          after = next
        } catch (error) {
          if (signal.aborted) return
          if (error instanceof ApiProblem && error.code === 'sequence-not-kept') return onGone()
          setLostSince((since) => since ?? new Date().toISOString())
          await pause(againMs, signal)
        }
      }
    }
    void follow()
    return () => closing.abort()
  }, [connectionId, start])
  return { lostSince }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
