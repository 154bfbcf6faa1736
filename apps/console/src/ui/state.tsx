import { CircleAlert, Inbox, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiProblem } from '../api/problem.ts'
import { Button } from './button.tsx'
import styles from './state.module.css'

/** What stands where something would be that is not there. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.state}>
      <Inbox aria-hidden="true" size={28} />
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.text}>{children}</div>}
    </div>
  )
}

/** Whoever looks may not see it; says what they would need. */
export function NoPermission({ scope }: { readonly scope: string }) {
  return (
    <div className={styles.state}>
      <Lock aria-hidden="true" size={28} />
      <p className={styles.title}>You may not see this</p>
      <p className={styles.text}>
        Your key lacks the permission <code>{scope}</code>. Ask whoever gave it to you for a key that has it.
      </p>
    </div>
  )
}

/** Something failed: the cause, the remedy, and what to tell whoever helps. */
export function ErrorState({ problem, onRetry }: { readonly problem: ApiProblem; readonly onRetry?: () => void }) {
  return (
    <div className={styles.error} role="alert">
      <CircleAlert aria-hidden="true" size={20} />
      <div className={styles.errorText}>
        <p className={styles.title}>{problem.message}</p>
        <p>{problem.remedy}</p>
        <p className={styles.code}>
          {problem.code}
          {problem.requestId !== null && <> · request {problem.requestId}</>}
        </p>
        {onRetry && (
          <Button size="small" onPress={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  )
}

/** Holds the place of what is coming, so that nothing moves when it is there. */
export function Skeleton({ lines = 3, label = 'Loading' }: { readonly lines?: number; readonly label?: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key) => (
        <span key={key} className={styles.line} />
      ))}
    </div>
  )
}
