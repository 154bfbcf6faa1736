import { useEffect } from 'react'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { Ago, countOf } from '../../ui/time.tsx'
import { CheckList } from './check-list.tsx'
import { canGoOnWithout, toChecks } from './checks.ts'
import { connectedSentence, costSentence } from './estimates.ts'
import { Missing } from './missing.tsx'
import type { Preflight } from './preflight.ts'
import { PreviewTables } from './preview-tables.tsx'
import { StepFrame } from './step-frame.tsx'
import { useWizard, type Validated } from './wizard.ts'

/** Tries everything that a sync would read, and shows how it went, line by line. */
export function ValidateStep() {
  const { described, validation } = useWizard()
  useValidationOnArrival()
  const { current, isPending, problem } = validation
  return (
    <StepFrame
      step="validate"
      description="Everything that a sync reads is tried at Bitbucket. Nothing is saved, and nothing is changed there."
    >
      {described.state === 'mistaken' && <Missing mistakes={described.mistakes} />}
      {described.state === 'whole' && (
        <>
          <div className="row">
            <Button isPending={isPending} onPress={() => void validation.run()}>
              {isPending ? 'Validating…' : 'Validate again'}
            </Button>
            <span className="muted small">
              <span role="status">{isPending ? 'Asking Bitbucket.' : current && outcomeOf(current.preflight)}</span>
              {!isPending && current && (
                <>
                  {' '}
                  Validated <Ago at={new Date(current.at).toISOString()} /> with{' '}
                  {countOf(current.preflight.requests, 'request')}.
                </>
              )}
            </span>
          </div>
          {problem !== null && !isPending && <ErrorState problem={problem} onRetry={() => void validation.run()} />}
          {current === null && isPending && (
            <Panel title="Checks">
              <Skeleton lines={10} label="Validating" />
            </Panel>
          )}
          {current !== null && <Result validated={current} />}
        </>
      )}
    </StepFrame>
  )
}

/** Validates once when somebody comes, if what there is now was not tried yet. */
export function useValidationOnArrival(isNeeded = true): void {
  const { described, validation } = useWizard()
  const isDue = isNeeded && described.state === 'whole' && !validation.isTried && !validation.isPending
  // When somebody comes, and not whenever something is typed.
  useEffect(() => {
    if (isDue) void validation.run()
  }, [])
}

/** What a validation comes to, in a sentence. */
export function outcomeOf({ ready, problems }: Preflight): string {
  return ready ? 'Everything can be read.' : `${countOf(problems.length, 'thing stands', 'things stand')} in the way.`
}

function Result({ validated: { preflight, of } }: { readonly validated: Validated }) {
  const sentences = [connectedSentence(preflight), costSentence(preflight)].filter((sentence) => sentence !== null)
  return (
    <>
      {sentences.length > 0 && (
        <Notice tone={preflight.ready ? 'good' : 'info'}>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      )}
      {canGoOnWithout(preflight) && (
        <Notice tone="warn">
          You can go on without what cannot be read: it stays unknown and is told as such, and nothing is told as
          removed.
        </Notice>
      )}
      <Panel title="Checks">
        <CheckList checks={toChecks(preflight, of.workspace)} />
      </Panel>
      <Panel title="The first facts, as they will be published">
        <PreviewTables preview={preflight.preview} />
      </Panel>
    </>
  )
}
