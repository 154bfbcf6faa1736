import { Label, ProgressBar } from 'react-aria-components'
import styles from './meter.module.css'

/** How much of something is done or used, as a bar and in words. */
export function Meter({
  label,
  value,
  max,
  text,
  isLabelHidden = false,
}: {
  readonly label: string
  readonly value: number
  /** Null: not known yet. */
  readonly max: number | null
  /** The same in words, such as "120 of 900". */
  readonly text: string
  readonly isLabelHidden?: boolean
}) {
  const share = max === null || max === 0 ? 0 : Math.min(1, value / max)
  return (
    <ProgressBar
      {...(max === null ? { isIndeterminate: true } : { value, minValue: 0, maxValue: Math.max(max, 1) })}
      valueLabel={text}
      className={styles.meter ?? ''}
    >
      <span className={styles.texts}>
        <Label className={isLabelHidden ? 'visually-hidden' : ''}>{label}</Label>
        <span className="numeric muted small">{text}</span>
      </span>
      <svg className={styles.track} aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 1">
        <rect className={styles.bar} width={share * 100} height="1" />
      </svg>
    </ProgressBar>
  )
}
