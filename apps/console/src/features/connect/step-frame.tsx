import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Notice } from '../../ui/badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Actions } from '../../ui/dialog.tsx'
import styles from './connect.module.css'
import { type FieldName, labelOf } from './fields.ts'
import { type StepId, stepAfter, stepBefore, steps } from './steps.ts'
import { useWizard } from './wizard.ts'

/** A step: its heading, what is wrong in it, its fields, and the ways back and on. */
export function StepFrame({
  step,
  description,
  children,
  onContinue,
  end,
}: {
  readonly step: StepId
  readonly description: ReactNode
  readonly children: ReactNode
  /** Called when the step is left for the next one. */
  readonly onContinue?: () => void
  /** Stands in the place of the button that leads on. */
  readonly end?: ReactNode
}) {
  const wizard = useWizard()
  const navigate = useNavigate()
  // Each press that finds mistakes takes to the summary of them, also when it was there already.
  const [refusals, setRefusals] = useState(0)
  const [before, after] = [stepBefore(step), stepAfter(step)]
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (after === null) return
    if (wizard.showMistakes(step)) return setRefusals(refusals + 1)
    onContinue?.()
    void navigate({ to: '/connect', search: { step: after } })
  }
  return (
    <form noValidate className={styles.step} onSubmit={onSubmit}>
      <div>
        <h2 id="step-heading" tabIndex={-1} className={styles.heading}>
          {steps.find(({ id }) => id === step)?.title}
        </h2>
        <p className="muted">{description}</p>
      </div>
      <MistakeSummary step={step} refusals={refusals} />
      {(step === 'app-settings' || step === 'user-settings') && <MistakesBefore />}
      {children}
      <Actions>
        {before !== null && (
          <Link to="/connect" search={{ step: before }} className={buttonClass('secondary')}>
            Back
          </Link>
        )}
        {end ??
          (after !== null && (
            <Button look="primary" type="submit">
              Continue
            </Button>
          ))}
      </Actions>
    </form>
  )
}

/** What is wrong on a step, each with a way to its field. */
function MistakeSummary({ step, refusals }: { readonly step: StepId; readonly refusals: number }) {
  const mistakes = useWizard().mistakesOn(step)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (refusals > 0) box.current?.focus()
  }, [refusals])
  if (mistakes.length === 0) return null
  return (
    <div ref={box} role="alert" tabIndex={-1} className={styles.summary}>
      <strong>
        {mistakes.length === 1 ? 'One thing is to be corrected' : `${mistakes.length} things are to be corrected`}
      </strong>
      <ul>
        {mistakes.map(([field, { text }]) => (
          <li key={field}>
            <button type="button" className={styles.linkLike} onClick={() => focusField(field)}>
              {labelOf(field)}
            </button>
            : {text}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What Bitbucket has said meanwhile of what was typed before: the first step is left before its answer is there. */
function MistakesBefore() {
  const mistakes = useWizard().mistakesOn('connect-app')
  if (mistakes.length === 0) return null
  return (
    <div role="status">
      <Notice tone="bad">
        {mistakes.map(([field, { text }]) => (
          <p key={field}>
            <strong>{labelOf(field)}:</strong> {text}{' '}
            <Link to="/connect" search={{ step: 'connect-app' }} hash={field}>
              Correct it
            </Link>
          </p>
        ))}
      </Notice>
    </div>
  )
}

function focusField(field: FieldName): void {
  document.getElementsByName(field)[0]?.focus()
}
