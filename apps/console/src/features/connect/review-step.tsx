import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { Ago } from '../../ui/time.tsx'
import { useNow } from '../../ui/use-now.ts'
import { canGoOnWithout, unreadable } from './checks.ts'
import styles from './connect.module.css'
import { connectedSentence } from './estimates.ts'
import { Missing } from './missing.tsx'
import { PreviewTables } from './preview-tables.tsx'
import { ReviewFacts } from './review-facts.tsx'
import { StepFrame } from './step-frame.tsx'
import { type Save, useSave } from './use-save.ts'
import { outcomeOf, useValidationOnArrival } from './validate-step.tsx'
import { WhatHappens } from './what-happens.tsx'
import { useWizard, validForMs } from './wizard.ts'

/** Everything that was chosen, whether it holds, and what Save does. */
export function ReviewStep() {
  const { described, validation } = useWizard()
  const [isPartial, setPartial] = useState(false)
  const save = useSave()
  useValidationOnArrival()
  const { current } = validation
  const mayGoOn = current !== null && canGoOnWithout(current.preflight)
  const because = useBlockedBecause(isPartial)
  return (
    <StepFrame
      step="review"
      description="Look over what you chose. Nothing is saved before you press Save."
      end={
        <div className={styles.end}>
          {because !== null && (
            <span id="save-blocked" className="small muted">
              {because}
            </span>
          )}
          <Button
            look="primary"
            isDisabled={because !== null}
            isPending={save.isPending}
            onPress={() => save.run(isPartial && mayGoOn)}
            {...(because !== null && { 'aria-describedby': 'save-blocked' })}
          >
            {save.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      }
    >
      {described.state === 'mistaken' && <Missing mistakes={described.mistakes} />}
      <Failure save={save} />
      <Panel title="Validation">
        <ValidationState />
        {mayGoOn && (
          <Checkbox isSelected={isPartial} onChange={setPartial}>
            Go on without: {unreadable(current.preflight).join(', ')}. It stays unknown and is told as such.
          </Checkbox>
        )}
      </Panel>
      <ReviewFacts />
      {current !== null && (
        <Panel title="The first facts, as they will be published">
          <PreviewTables preview={current.preflight.preview} />
        </Panel>
      )}
      <WhatHappens />
    </StepFrame>
  )
}

function ValidationState() {
  const { validation } = useWizard()
  const now = useNow()
  const { current, isPending, problem } = validation
  const isOld = current !== null && now - current.at > validForMs
  return (
    <div className="stack-small">
      <p role="status">
        {isPending
          ? 'Validating…'
          : current === null
            ? 'Not validated yet as it stands.'
            : `${outcomeOf(current.preflight)} ${connectedSentence(current.preflight) ?? ''}`}
      </p>
      {problem !== null && !isPending && <ErrorState problem={problem} onRetry={() => void validation.run()} />}
      {current !== null && !isPending && (
        <p className="muted">
          Validated <Ago at={new Date(current.at).toISOString()} />
          {isOld && '; that is more than 15 minutes, so Save validates it again first'}.
        </p>
      )}
      <p>
        <Link to="/connect" search={{ step: 'validate' }}>
          Show the checks
        </Link>
      </p>
    </div>
  )
}

/** Why Save cannot be pressed; null: it can. */
function useBlockedBecause(isPartial: boolean): string | null {
  const { described, validation } = useWizard()
  if (described.state === 'mistaken') return 'Something is missing on the steps before.'
  if (validation.isPending) return null
  const { current } = validation
  if (current === null) return validation.problem === null ? null : 'Bitbucket could not be asked; validate again.'
  if (current.preflight.ready) return null
  if (!canGoOnWithout(current.preflight)) return 'Something stands in the way: see the checks.'
  return isPartial ? null : 'Some lists cannot be read: tick above that you go on without them.'
}

function Failure({ save }: { readonly save: Save }) {
  const { left, problem } = save
  if (left !== null) {
    return (
      <Notice tone="warn">
        <p role="alert">
          The connection is saved and its first sync has started, but the candidate addresses could not be sent.{' '}
          {left.message} {left.remedy}
        </p>
        <div className="row">
          <Button size="small" isPending={save.isPending} onPress={save.sendAddresses}>
            Send them again
          </Button>
          <Button size="small" onPress={save.leave}>
            Go on without them
          </Button>
        </div>
      </Notice>
    )
  }
  if (problem === null || save.isPending) return null
  const isSecretGone = problem.status !== 0 && problem.status < 500
  return (
    <>
      <ErrorState problem={problem} />
      <Notice tone="info">
        Nothing was saved. Your entries are kept{isSecretGone && ', but not the secret: enter it again'}.
      </Notice>
    </>
  )
}
