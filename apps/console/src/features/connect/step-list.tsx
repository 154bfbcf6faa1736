import { Link } from '@tanstack/react-router'
import { Check, TriangleAlert } from 'lucide-react'
import { classes } from '../../ui/classes.ts'
import styles from './step-list.module.css'
import { type StepId, steps } from './steps.ts'
import { useWizard } from './wizard.ts'

/** Where one is in the wizard; any step can be gone to at any time. */
export function StepList({ current }: { readonly current: StepId }) {
  const wizard = useWizard()
  const at = steps.findIndex(({ id }) => id === current)
  return (
    <nav aria-label="Steps" className={styles.nav}>
      <ol className={styles.list}>
        {steps.map(({ id, title }, index) => {
          const isWrong = wizard.mistakesOn(id).length > 0
          return (
            <li key={id}>
              <Link
                to="/connect"
                search={{ step: id }}
                className={classes(styles.step, id === current && styles.current)}
                activeOptions={{ exact: true, includeSearch: true }}
                aria-current={id === current ? 'step' : undefined}
              >
                <span className={styles.mark} aria-hidden="true">
                  {isWrong ? <TriangleAlert size={14} /> : index < at ? <Check size={14} /> : index + 1}
                </span>
                <span>
                  {title}
                  {isWrong && <span className={styles.note}>Something is to be corrected</span>}
                </span>
              </Link>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
