import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './panel.module.css'

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  actions,
  children,
  flush = false,
}: {
  readonly title?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** Its content reaches its edges, as a table does. */
  readonly flush?: boolean
}) {
  return (
    <section className={styles.panel}>
      {(title !== undefined || actions !== undefined) && (
        <header className={styles.header}>
          {title !== undefined && <h2>{title}</h2>}
          {actions}
        </header>
      )}
      <div className={classes(styles.body, flush && styles.flush)}>{children}</div>
    </section>
  )
}

/** Names and values, two by two. */
export function Facts({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** One figure, large. */
export function Stat({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles.stat}>
      <span className={styles.statValue}>{children}</span>
      <span className={styles.statLabel}>{label}</span>
    </div>
  )
}

/** Figures side by side. */
export function Stats({ children }: { readonly children: ReactNode }) {
  return <div className={styles.stats}>{children}</div>
}
