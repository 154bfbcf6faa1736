import { Notice } from '../../ui/badge.tsx'
import { includedText } from './checks.ts'
import { LookNow } from './look-now.tsx'
import { useResultFocus } from './use-result-focus.ts'
import { useWizard } from './wizard.ts'
import { WizardField } from './wizard-field.tsx'

/** What of the workspace is read, and what that saves. */
export function IncludeFields() {
  const { draft, change, validation } = useWizard()
  const isSome = draft.projects.trim() !== '' || draft.repositories.trim() !== ''
  const { result, onAsk } = useResultFocus(validation.current !== null)
  const included = validation.current?.preflight.included
  return (
    <div className="stack">
      <WizardField
        name="projects"
        label="Projects"
        isRequired={false}
        rows={2}
        isCode
        description="Keys such as PAY, one a line; empty: all. Only these and the repositories in them are read."
        value={draft.projects}
        onChange={(projects) => change({ projects })}
      />
      <WizardField
        name="repositories"
        label="Repositories"
        isRequired={false}
        rows={3}
        isCode
        description="Patterns of names in addresses, one a line; * stands for anything, and ! leaves out: payments-* or !*-archive. Empty: all."
        value={draft.repositories}
        onChange={(repositories) => change({ repositories })}
      />
      {isSome && (
        <>
          {included === undefined && <LookNow what="what that matches" onAsk={onAsk} />}
          {included !== undefined && included !== null && (
            <div ref={result} tabIndex={-1} role="status">
              <strong>Included:</strong> {includedText(included)}
            </div>
          )}
          <Notice tone="info">
            What is left out is not in the feed. If it is left out later, it is told as not observable
            (scope.unobservable), never as revoked. People and groups are always read.
          </Notice>
        </>
      )}
    </div>
  )
}
