import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleDashed, Clock, TriangleAlert } from 'lucide-react'
import { classes } from '../../ui/classes.ts'
import styles from './check-list.module.css'
import type { Check, CheckState } from './checks.ts'
import { stepOf } from './fields.ts'

const looks = {
  passed: { Icon: CircleCheck, word: 'Passed', tone: styles.passed },
  warning: { Icon: TriangleAlert, word: 'Mind', tone: styles.warning },
  failed: { Icon: CircleAlert, word: 'Failed', tone: styles.failed },
  waiting: { Icon: Clock, word: 'Waiting', tone: styles.waiting },
  'not-tried': { Icon: CircleDashed, word: 'Not tried', tone: styles.notTried },
} as const satisfies Readonly<Record<CheckState, unknown>>

/** Each check with how it went, what to do about it, and a way to where it is mended. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul className={styles.list} aria-label="Checks">
      {checks.map((check) => (
        <CheckLine key={check.id} check={check} />
      ))}
    </ul>
  )
}

function CheckLine({ check }: { readonly check: Check }) {
  const { label, state, text, remedy, code, field, connectionId } = check
  const { Icon, word, tone } = looks[state]
  return (
    <li className={styles.line} data-state={state}>
      <span className={classes(styles.state, tone)}>
        <Icon aria-hidden="true" size={16} />
        {word}
      </span>
      <div className={styles.text}>
        <p>
          <strong>{label}</strong> <span>{text}</span>
        </p>
        {remedy !== null && <p>{remedy}</p>}
        {(code !== null || field !== null || connectionId !== null) && (
          <p className={classes('row small', styles.ways)}>
            {field !== null && state !== 'passed' && (
              <Link to="/connect" search={{ step: stepOf(field) }} hash={field}>
                Correct it
              </Link>
            )}
            {connectionId !== null && (
              <Link to="/connections/$connectionId" params={{ connectionId }}>
                Show that application
              </Link>
            )}
            {code !== null && <code className="muted">{code}</code>}
          </p>
        )}
      </div>
    </li>
  )
}
