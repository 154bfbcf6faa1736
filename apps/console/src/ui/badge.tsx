import { CircleAlert, CircleCheck, CircleDashed, CirclePause, Clock, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { classes } from './classes.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral' | 'paused' | 'waiting'

const icons = {
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
  neutral: CircleDashed,
  paused: CirclePause,
  waiting: Clock,
} as const

/** A state in words, with a sign of its own, so that it is not told by its colour alone. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <span className={classes(styles.badge, styles[tone])}>
      <Icon aria-hidden="true" size={14} />
      {children}
    </span>
  )
}

/** A note beside the text: what holds, what to mind. */
export function Notice({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <div className={classes(styles.notice, styles[tone])}>
      <Icon aria-hidden="true" size={18} />
      <div className={styles.noticeText}>{children}</div>
    </div>
  )
}
