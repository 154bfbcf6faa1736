import styles from './histogram.module.css'
import { formatCount } from './time.tsx'

export interface Bin {
  readonly label: string
  readonly count: number
  /** The bin in a sentence, for those who do not see the bars. */
  readonly text: string
}

/** How many are in each bin, as bars; read out as a list. */
export function Histogram({ label, bins }: { readonly label: string; readonly bins: readonly Bin[] }) {
  const max = Math.max(1, ...bins.map(({ count }) => count))
  return (
    <ol className={styles.bins} aria-label={label}>
      {bins.map(({ label: name, count, text }) => (
        <li key={name} className={styles.bin}>
          <span className="visually-hidden">{text}</span>
          <span className={styles.count} aria-hidden="true">
            {count > 0 && formatCount(count)}
          </span>
          <span className={styles.space} aria-hidden="true">
            <span className={styles.bar} style={{ height: `${(count / max) * 100}%` }} />
          </span>
          <span className={styles.label} aria-hidden="true">
            {name}
          </span>
        </li>
      ))}
    </ol>
  )
}
