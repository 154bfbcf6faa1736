import { type ReactNode, useEffect } from 'react'
import styles from './page.module.css'

const application = 'Clarity for Bitbucket'

/** The head of a page: what it is, what it says in a sentence, and what can be done. Names the tab of the browser, too. */
export function PageHeader({
  title,
  description,
  actions,
}: {
  readonly title: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
}) {
  useTitle(title)
  return (
    <header className={styles.header}>
      <div>
        <h1>{title}</h1>
        {description !== undefined && <div className={styles.description}>{description}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}

/** Names the tab of the browser. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${application}`
  }, [title])
}
