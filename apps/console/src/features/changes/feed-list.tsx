import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect } from 'react'
import type { ToldEvent } from '../../api/queries.ts'
import { formatCount, formatDay } from '../../ui/time.tsx'
import { EventRow } from './event-row.tsx'
import styles from './feed-list.module.css'
import type { FeedRow } from './rows.ts'

/** The rows in sight. `onEnd` is called when their end is near and there is more. */
export function FeedList({
  connectionId,
  rows,
  scroller,
  onOpen,
  onEnd,
  children,
}: {
  readonly connectionId: string
  readonly rows: readonly FeedRow<ToldEvent>[]
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly onOpen: (sequence: number) => void
  readonly onEnd: (() => void) | undefined
  /** What stands below the last row. */
  readonly children: ReactNode
}) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => (rows[index]?.type === 'event' ? 70 : 36),
    overscan: 8,
  })
  // Rows are measured from the top on down, and only what stays below it grows: nothing has to be moved back into place, which
  // would undo going to the top for what is new.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = () => false
  const visible = virtual.getVirtualItems()
  const lastSeen = visible.at(-1)?.index ?? -1
  useEffect(() => {
    if (rows.length > 0 && lastSeen >= rows.length - 15) onEnd?.()
  }, [onEnd, rows.length, lastSeen])
  return (
    <div ref={scroller} className={styles.scroller}>
      <ul aria-label="Changes, the newest first" className={styles.list} style={{ height: virtual.getTotalSize() }}>
        {visible.map(({ index, key, start }) => {
          const row = rows[index]
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={onEnd === undefined ? rows.length : -1}
              className={styles.item}
              style={{ transform: `translateY(${start}px)` }}
            >
              {row?.type === 'event' && <EventRow connectionId={connectionId} event={row.event} onOpen={onOpen} />}
              {row?.type === 'day' && <h3 className={styles.day}>{formatDay(row.at)}</h3>}
              {row?.type === 'gap' && <p className={styles.gap}>{describeGap(row)}</p>}
            </li>
          )
        })}
      </ul>
      {children}
    </div>
  )
}

function describeGap({ from, to }: { readonly from: number; readonly to: number }): string {
  const which =
    from === to ? `The event ${formatCount(from)} is` : `The events ${formatCount(from)} to ${formatCount(to)} are`
  return `${which} missing here: the numbers skip. Load the page again; if it stays so, tell your operator.`
}
