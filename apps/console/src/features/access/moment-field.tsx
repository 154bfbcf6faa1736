import { useId } from 'react'
import styles from './access.module.css'
import { fromLocalInput, toLocalInput } from './local-moment.ts'
import { useDraft } from './use-access.ts'

/** A year is typed digit by digit, each of which would be a time. */
const typingMs = 600

/** A date and a time in the reader's zone, by the browser's own field. */
export function MomentField({
  label,
  at,
  onChange,
  min,
}: {
  readonly label: string
  readonly at: string | undefined
  readonly onChange: (at: string | undefined) => void
  readonly min?: string | null
}) {
  const id = useId()
  const settle = (draft: string) => {
    const chosen = fromLocalInput(draft)
    if (draft === '' || chosen !== undefined) onChange(chosen)
  }
  const [draft, setDraft] = useDraft(toLocalInput(at), settle, typingMs)
  return (
    <label className={styles.moment} htmlFor={id}>
      {label}
      <input
        id={id}
        type="datetime-local"
        step="1"
        value={draft}
        {...(min != null && { min: toLocalInput(min) })}
        onChange={({ currentTarget: { value } }) => setDraft(value)}
      />
    </label>
  )
}
