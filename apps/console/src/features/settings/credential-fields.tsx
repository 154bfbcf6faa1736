import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import type { CredentialDraft, CredentialErrors } from './credential-draft.ts'
import styles from './settings.module.css'

const texts = {
  'oauth-consumer': { key: 'Key', secret: 'Secret', title: 'OAuth consumer' },
  'api-token': { key: 'E-mail address', secret: 'API token', title: 'API token of an administrator' },
} as const

/** The fields of one credential, with what is wrong with it. */
export function CredentialFields({
  draft,
  row,
  errors,
  isDisabled,
  onChange,
  onRemove,
}: {
  readonly draft: CredentialDraft
  readonly row: number
  readonly errors: CredentialErrors
  readonly isDisabled: boolean
  readonly onChange: (draft: CredentialDraft) => void
  /** Absent: it has to stay. */
  readonly onRemove?: () => void
}) {
  const { key, secret, title } = texts[draft.kind]
  return (
    <fieldset className={styles.card}>
      <legend>
        {row + 1}. {title}
      </legend>
      <TextField
        label={key}
        isCode
        autoComplete="off"
        value={draft.key}
        onChange={(value) => onChange({ ...draft, key: value })}
        isDisabled={isDisabled}
        error={errors[`${row}.key`]}
      />
      <TextField
        label={secret}
        type="password"
        autoComplete="off"
        description={
          row === 0 ? 'The same consumer with a new secret, or another consumer of this workspace.' : undefined
        }
        value={draft.secret}
        onChange={(value) => onChange({ ...draft, secret: value })}
        isDisabled={isDisabled}
        error={errors[`${row}.secret`] ?? errors[row]}
      />
      {onRemove && (
        <div>
          <Button look="quiet" size="small" isDisabled={isDisabled} onPress={onRemove}>
            Leave it out
          </Button>
        </div>
      )}
    </fieldset>
  )
}
