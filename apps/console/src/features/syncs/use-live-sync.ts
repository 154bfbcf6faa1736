import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { syncQuery } from '../../api/insight.ts'
import type { Sync } from '../../api/queries.ts'
import { isOver } from '../../api/sync-words.ts'

const reopenMs = 5_000

/**
 * A sync as it goes on: at first as it is when asked for, then by server-sent events until its end. While these are cut off it is
 * asked for now and then, and the events are tried anew.
 */
export function useLiveSync(connectionId: string, syncId: string) {
  const queryClient = useQueryClient()
  const [lostSince, setLostSince] = useState<number | null>(null)
  const options = syncQuery(connectionId, syncId)
  const query = useQuery({ ...options, refetchInterval: lostSince === null ? false : reopenMs })
  const isFollowed = query.data !== undefined && !isOver(query.data)
  useEffect(() => {
    if (!isFollowed) return
    const { queryKey } = syncQuery(connectionId, syncId)
    let source: EventSource
    let timer: ReturnType<typeof setTimeout> | undefined
    const cutOff = () => setLostSince((since) => since ?? Date.now())
    const open = () => {
      source = new EventSource(`/v1/connections/${connectionId}/syncs/${syncId}/progress`)
      const take = ({ data }: MessageEvent<string>) => {
        const sync: Sync = JSON.parse(data)
        setLostSince(null)
        queryClient.setQueryData(queryKey, sync)
      }
      source.addEventListener('open', () => setLostSince(null))
      source.addEventListener('progress', take)
      source.addEventListener('ended', (event) => {
        source.close()
        take(event)
        // All that the sync has read is another now.
        void queryClient.invalidateQueries({ queryKey: ['connections'] })
      })
      source.addEventListener('error', () => {
        cutOff()
        // Refused, and not merely cut off: then the browser does not try again by itself.
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenMs)
      })
    }
    const reopen = () => {
      source.close()
      clearTimeout(timer)
      open()
    }
    open()
    // Without a network nothing comes, and nothing says so.
    window.addEventListener('offline', cutOff)
    window.addEventListener('online', reopen)
    return () => {
      window.removeEventListener('offline', cutOff)
      window.removeEventListener('online', reopen)
      source.close()
      clearTimeout(timer)
      setLostSince(null)
    }
  }, [isFollowed, connectionId, syncId, queryClient])
  return { query, lostSince: isFollowed ? lostSince : null }
}
