import { Choice, TextField } from '../../ui/field.tsx'
import type { Draft, ListDraft } from './draft.ts'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'
import type { SettingsForm } from './use-settings-form.ts'

/** Which projects and repositories are read. */
export function IncludeSetting({ form }: { readonly form: SettingsForm }) {
  const { include } = form.draft
  const set = (part: Partial<Draft['include']>) => form.set('include', { ...include, ...part })
  return (
    <Setting
      form={form}
      name="include"
      note={
        <p className={styles.note}>
          What you leave out stays as last known and is told as unobservable, never as revoked.
        </p>
      }
    >
      <h3>Include</h3>
      <ListField
        what="Projects"
        only="Only these projects, and the repositories in them"
        list={include.projects}
        onChange={(projects) => set({ projects })}
        label="Keys of projects"
        description="Such as PAY, one a line or with commas."
        isDisabled={form.isDisabled}
      />
      <ListField
        what="Repositories"
        only="Only those that match"
        list={include.repositories}
        onChange={(repositories) => set({ repositories })}
        label="Patterns of repositories"
        description="Of slugs: payments-* takes in, !*-archive leaves out."
        isDisabled={form.isDisabled}
      />
      {form.errorOf('include') !== undefined && (
        <p role="alert" className={styles.error}>
          {form.errorOf('include')}
        </p>
      )}
    </Setting>
  )
}

function ListField({
  what,
  only,
  list,
  onChange,
  label,
  description,
  isDisabled,
}: {
  readonly what: string
  readonly only: string
  readonly list: ListDraft
  readonly onChange: (list: ListDraft) => void
  readonly label: string
  readonly description: string
  readonly isDisabled: boolean
}) {
  return (
    <>
      <Choice
        label={what}
        value={list.isAll ? 'all' : 'only'}
        onChange={(value) => onChange({ ...list, isAll: value === 'all' })}
        options={[
          { value: 'all', label: 'All' },
          { value: 'only', label: only },
        ]}
        isDisabled={isDisabled}
      />
      {!list.isAll && (
        <TextField
          label={label}
          description={description}
          rows={3}
          isCode
          value={list.text}
          onChange={(text) => onChange({ ...list, text })}
          isDisabled={isDisabled}
        />
      )}
    </>
  )
}
