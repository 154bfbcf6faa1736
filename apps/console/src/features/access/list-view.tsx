import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { type ReactNode, useCallback, useMemo } from 'react'
import { Button, buttonClass } from '../../ui/button.tsx'
import { toApiProblem } from '../../ui/query-view.tsx'
import { EmptyState, ErrorState, NoPermission, Skeleton } from '../../ui/state.tsx'
import { formatCount, Time } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx'
import styles from './access.module.css'
import { hasFilters, withoutFilters } from './access-search.ts'
import { type Emptiness, emptinessOf, unreadableInWords } from './emptiness.ts'
import { AccessLink } from './parts.tsx'
import type { AccessList } from './queries.ts'
import { useAccess, useCoverage } from './use-access.ts'

export interface ListViewProps<Row> {
  readonly label: string
  readonly list: AccessList<Row>
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly isCurrent?: (row: Row) => boolean
  /** From which scopes it would have been read; when it is empty, they say why. */
  readonly scopes?: readonly string[]
  /** What it says when there is nothing, and that is the answer. */
  readonly nobody?: string
  /** Whether it comes as a table to take away, too. */
  readonly hasCsv?: boolean
}

/** A list of any length: as much of it as has been scrolled to, and why there is nothing where there is nothing. */
export function ListView<Row>(props: ListViewProps<Row>) {
  const { label, list, columns, rowKey, isCurrent, hasCsv = true } = props
  const query = useInfiniteQuery({ ...list.options, placeholderData: keepPreviousData })
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  if (data === undefined) {
    if (error === null) {
      return (
        <div className={styles.filler}>
          <Skeleton lines={12} label={`Loading ${label.toLowerCase()}`} />
        </div>
      )
    }
    const problem = toApiProblem(error)
    return (
      <div className={styles.filler}>
        {problem.status === 403 ? (
          <NoPermission scope="access:read" />
        ) : (
          <ErrorState problem={problem} onRetry={() => void query.refetch()} />
        )}
      </div>
    )
  }
  if (rows.length === 0 && !hasNextPage) return <Empty {...props} />
  return (
    <>
      <VirtualTable
        label={label}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        onEnd={onEnd}
        {...(isCurrent !== undefined && { isCurrent })}
      />
      <div className={styles.foot}>
        <span role="status">
          {hasNextPage
            ? `${formatCount(rows.length)} rows so far; more come as you scroll`
            : `${formatCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}, all there are`}
        </span>
        {error !== null && <ErrorState problem={toApiProblem(error)} onRetry={() => void fetchNextPage()} />}
        <span className="row">
          <Newer
            sequence={data.pages[0]?.sequence ?? 0}
            onShow={() => void query.refetch()}
            isShowing={query.isRefetching}
          />
          {hasCsv && (
            <a className={buttonClass('quiet', 'small')} href={list.csv} download>
              <Download aria-hidden="true" size={16} /> Export CSV
            </a>
          )}
        </span>
      </div>
    </>
  )
}

/** A list stays of the moment it was opened at; this brings it up to now. */
function Newer({
  sequence,
  onShow,
  isShowing,
}: {
  readonly sequence: number
  readonly onShow: () => void
  readonly isShowing: boolean
}) {
  const { search } = useAccess()
  const { data: coverage } = useCoverage()
  if (search.asOf !== undefined || coverage === undefined || coverage.sequence <= sequence) return null
  return (
    <Button size="small" look="quiet" isPending={isShowing} onPress={onShow}>
      Something has been told since: show it
    </Button>
  )
}

function Empty<Row>({ scopes = [], nobody = 'Nobody holds this.' }: ListViewProps<Row>) {
  const { search } = useAccess()
  const { data: coverage } = useCoverage()
  if (coverage === undefined) {
    return (
      <div className={styles.filler}>
        <Skeleton lines={4} />
      </div>
    )
  }
  const emptiness = emptinessOf(coverage, scopes, hasFilters(search))
  return <EmptyBecause emptiness={emptiness} nobody={nobody} />
}

function EmptyBecause({ emptiness, nobody }: { readonly emptiness: Emptiness; readonly nobody: string }): ReactNode {
  const { search } = useAccess()
  const now = useNow()
  switch (emptiness.because) {
    case 'nobody':
      return (
        <EmptyState title={nobody}>
          {search.asOf !== undefined && <p>That is how it was known then; it may be otherwise now.</p>}
        </EmptyState>
      )
    case 'nothing-fits':
      return (
        <EmptyState title="Nothing fits.">
          <p>
            Change what is searched for and chosen above, or{' '}
            <AccessLink search={withoutFilters(search)}>take all of it away</AccessLink>.
          </p>
        </EmptyState>
      )
    case 'not-read':
      return (
        <EmptyState title="Not read yet">
          <p>No sync has come to its end, so that nothing is here does not mean that nobody holds anything.</p>
        </EmptyState>
      )
    case 'unreadable':
      return (
        <EmptyState title={unreadableInWords(emptiness.scope, now)}>
          {emptiness.scope.lastGoodAt === null ? (
            <p>It was never read, so nothing is known of it.</p>
          ) : (
            <p>
              It was last read on <Time at={emptiness.scope.lastGoodAt} />, and nobody held anything then.
            </p>
          )}
        </EmptyState>
      )
  }
}
