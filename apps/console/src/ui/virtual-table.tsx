import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useEffect, useRef } from 'react'
import { classes } from './classes.ts'
import styles from './virtual-table.module.css'

export interface Column<Row> {
  readonly key: string
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** Share of the width, as of a grid: `2fr`, `8rem`; `1fr` when absent. */
  readonly width?: string
  /** Left out where the window is narrow. */
  readonly wideOnly?: boolean
}

export interface VirtualTableProps<Row> {
  /** What the table is of, read out. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Whether this row is the one that is looked at. */
  readonly isCurrent?: (row: Row) => boolean
  /** How many there are altogether, when that is known. */
  readonly total?: number
  /** Called when the end comes into sight and there is more. */
  readonly onEnd?: () => void
}

const rowPx = 48

/**
 * A table of as many rows as there are: only those in sight are in the document. It is told how many there are and which one each
 * row is, so that it reads like a whole one; the area scrolls by the keyboard, too.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, rowKey, isCurrent, total, onEnd } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
  })
  const visible = virtual.getVirtualItems()
  const lastSeen = visible.at(-1)?.index ?? -1
  useEffect(() => {
    if (onEnd !== undefined && rows.length > 0 && lastSeen >= rows.length - 20) onEnd()
  }, [onEnd, rows.length, lastSeen])
  const template = (wide: boolean) =>
    columns
      .filter(({ wideOnly }) => wide || wideOnly !== true)
      .map(({ width = 'minmax(0, 1fr)' }) =>
        width.endsWith('fr') ? `minmax(0, ${width.replace(/^minmax\(0, |\)$/g, '')})` : width,
      )
      .join(' ')
  return (
    // What scrolls must be reached by the keyboard (WCAG 2.1.1).
    <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label={label}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={(total ?? rows.length) + 1}
        style={{ '--columns': template(true), '--columns-narrow': template(false) }}
      >
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.row}>
            {columns.map(({ key, title, wideOnly }) => (
              <span
                key={key}
                role="columnheader"
                className={classes(styles.cell, wideOnly === true && styles.wideOnly)}
              >
                {title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {visible.map(({ index, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <TableRow
                key={rowKey(row)}
                row={row}
                columns={columns}
                index={index}
                top={start}
                isCurrent={isCurrent?.(row) === true}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

interface TableRowProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly index: number
  readonly top: number
  readonly isCurrent: boolean
}

/** Rows that stay in sight while one scrolls are not made anew. */
const TableRow = memo(PlainRow) as typeof PlainRow

function PlainRow<Row>({ row, columns, index, top, isCurrent }: TableRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isCurrent ? 'true' : undefined}
      className={classes(styles.row, styles.bodyRow)}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map(({ key, cell, wideOnly }) => (
        <span key={key} role="cell" className={classes(styles.cell, wideOnly === true && styles.wideOnly)}>
          {cell(row)}
        </span>
      ))}
    </div>
  )
}
