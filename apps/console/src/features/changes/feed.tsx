import { ArrowUp } from 'lucide-react'
import { useRef } from 'react'
import type { FeedFilters } from '../../api/feed.ts'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState, NoPermission } from '../../ui/state.tsx'
import { Ago, countOf, formatCount, Time } from '../../ui/time.tsx'
import { EventPanel } from './event-panel.tsx'
import styles from './feed.module.css'
import { FeedList } from './feed-list.tsx'
import type { FirstSync } from './first-sync.ts'
import { liveMax } from './live-feed.ts'
import { toRows } from './rows.ts'
import { useFeed } from './use-feed.ts'

/** So near to the top of the list what comes is shown at once. */
const atTopPx = 24

export interface FeedProps {
  readonly connectionId: string
  readonly filters: FeedFilters
  /** null: it is not known which one was the first. */
  readonly firstSync: FirstSync | null
  /** Whether what the first sync found is in the list as well. */
  readonly isFromFirst: boolean
  /** Number of the event that is open; null: none is. */
  readonly open: number | null
  readonly onOpen: (sequence: number | undefined) => void
  readonly onShowFirst: (isShown: boolean) => void
}

/** The list of changes, which goes on by itself. */
export function Feed({ connectionId, filters, firstSync, isFromFirst, open, onOpen, onShowFirst }: FeedProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const after = isFromFirst ? undefined : firstSync?.sequence
  const isAtTop = () => (scroller.current?.scrollTop ?? 0) <= atTopPx
  const feed = useFeed(connectionId, { filters, after }, isAtTop)
  const { query, events, waiting, isTooMuch, lostSince, isWhole } = feed
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const showNew = () => {
    feed.showNew()
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <QueryView
      query={query}
      skeletonLines={10}
      onProblem={({ status }) => (status === 403 ? <NoPermission scope="access:read" /> : undefined)}
    >
      {() => (
        <div className={styles.feed}>
          <div role="status" className={styles.status}>
            {lostSince !== null && (
              <Notice tone="warn">
                <p>
                  Live view lost <Ago at={lostSince} />. It is tried again; what is told meanwhile is not lost.
                </p>
              </Notice>
            )}
            {(waiting > 0 || isTooMuch) && (
              <div className={styles.pill}>
                <Button look="primary" size="small" onPress={showNew}>
                  <ArrowUp aria-hidden="true" size={14} />
                  {isTooMuch ? `More than ${formatCount(liveMax)} new` : `${formatCount(waiting)} new`}
                </Button>
              </div>
            )}
          </div>
          {events.length === 0 ? (
            <Nothing {...{ filters, firstSync, isFromFirst, onShowFirst }} />
          ) : (
            <FeedList
              connectionId={connectionId}
              rows={toRows(events, { isWhole })}
              scroller={scroller}
              onOpen={onOpen}
              onEnd={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
            >
              {!hasNextPage && <End {...{ events: events.length, firstSync, isFromFirst, onShowFirst }} />}
            </FeedList>
          )}
          <EventPanel
            connectionId={connectionId}
            sequence={open}
            listed={events.find(({ sequence }) => sequence === open)}
            onClose={() => onOpen(undefined)}
          />
        </div>
      )}
    </QueryView>
  )
}

type BoundsProps = Pick<FeedProps, 'firstSync' | 'isFromFirst' | 'onShowFirst'>

function Nothing({ filters, ...bounds }: BoundsProps & Pick<FeedProps, 'filters'>) {
  const { firstSync, isFromFirst } = bounds
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState title="No changes that pass these filters">
        <First {...bounds} />
      </EmptyState>
    )
  }
  if (firstSync === null) {
    return (
      <EmptyState title="Nothing was told yet">
        <p>What the first sync finds appears here, as it comes.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState title={isFromFirst ? 'Nothing was told yet' : 'No changes since the first sync'}>
      <p>
        It ended on <Time at={firstSync.endedAt} />. What changes from now on appears here by itself.
      </p>
      <First {...bounds} />
    </EmptyState>
  )
}

function End({ events, ...bounds }: BoundsProps & { readonly events: number }) {
  return (
    <div className={styles.end}>
      <p className="muted small">That is all: {countOf(events, 'event')}.</p>
      <First {...bounds} />
    </div>
  )
}

/** Leads to what the first sync found, and back. */
function First({ firstSync, isFromFirst, onShowFirst }: BoundsProps) {
  if (firstSync === null) return null
  return (
    <Button look="quiet" size="small" onPress={() => onShowFirst(!isFromFirst)}>
      {isFromFirst ? 'Show only what came after the first sync' : 'Show what the first sync found, too'}
    </Button>
  )
}
