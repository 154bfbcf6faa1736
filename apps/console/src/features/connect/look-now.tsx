import { Link } from '@tanstack/react-router'
import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { type FieldName, stepOf } from './fields.ts'
import { useWizard } from './wizard.ts'

/** Stands where something would be told that Bitbucket has to be asked about first, and asks. */
export function LookNow({ what, onAsk }: { readonly what: string; readonly onAsk: () => void }) {
  const { described, validation } = useWizard()
  const { isPending, problem } = validation
  if (described.state === 'mistaken') {
    const isBefore = Object.keys(described.mistakes).some((field) => stepOf(field as FieldName) === 'connect-app')
    return (
      <Notice tone="neutral">
        <p>
          {isBefore ? (
            <>
              To see {what},{' '}
              <Link to="/connect" search={{ step: 'connect-app' }}>
                complete Connect App
              </Link>{' '}
              first.
            </>
          ) : (
            `To see ${what}, correct the other fields first.`
          )}
        </p>
      </Notice>
    )
  }
  const ask = () => {
    if (isPending) return
    onAsk()
    void validation.run()
  }
  return (
    <Notice tone={problem === null ? 'neutral' : 'warn'}>
      {problem !== null && !isPending && (
        <p role="alert">
          {problem.message} {problem.remedy}
        </p>
      )}
      <div className="row">
        <Button size="small" aria-label={`Look at the workspace: ${what}`} onPress={ask}>
          Look at the workspace
        </Button>
        <span className="small" role="status">
          {isPending
            ? 'Asking Bitbucket…'
            : `To see ${what}. It takes some ten requests, and more where projects or repositories are chosen.`}
        </span>
      </div>
    </Notice>
  )
}
