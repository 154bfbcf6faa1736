import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { describeSetting } from './describe-setting.ts'
import { type SettingName, settingLabels } from './draft.ts'
import styles from './settings.module.css'
import type { SettingsForm } from './use-settings-form.ts'

/** A setting with, beside it, what a change of it does, before it is saved. */
export function Setting({
  form,
  name,
  children,
  note,
}: {
  readonly form: SettingsForm
  readonly name: SettingName
  readonly children: ReactNode
  /** What the present value means; shown whether it is changed or not. */
  readonly note?: ReactNode
}) {
  const isChanged = form.changed.includes(name)
  return (
    <div className={styles.setting} data-setting={name}>
      <div className="stack-small">{children}</div>
      <div className={styles.beside}>
        <div role="status" className={classes(styles.effect, isChanged && styles.effectOfChange)}>
          {isChanged && <Effect form={form} name={name} />}
        </div>
        {isChanged && (
          <Button
            look="quiet"
            size="small"
            isDisabled={form.isDisabled}
            aria-label={`Undo the change: ${settingLabels[name]}`}
            onPress={() => form.undo(name)}
          >
            Undo
          </Button>
        )}
        {note}
      </div>
    </div>
  )
}

function Effect({ form, name }: { readonly form: SettingsForm; readonly name: SettingName }) {
  const effect = form.effectOf(name)
  return (
    <>
      <p className={styles.effectTitle}>What this change does</p>
      {form.errorOf(name) !== undefined ? (
        <p className="muted">It is said once the mistake is mended.</p>
      ) : (
        <p>{effect ?? (form.isReckoning ? 'Reckoning…' : 'Nothing that was published changes.')}</p>
      )}
      {form.conflicting.includes(name) && (
        <p>
          Somebody else has set it meanwhile to: <strong>{describeSetting(form.settings, name)}</strong>
        </p>
      )}
    </>
  )
}

/** A setting that is what it is, and why. */
export function Locked({
  label,
  value,
  reason,
}: {
  readonly label: string
  readonly value: ReactNode
  readonly reason: ReactNode
}) {
  return (
    <div className={styles.locked}>
      <dt>
        <Lock aria-hidden="true" size={14} /> {label}
      </dt>
      <dd>
        <span className={styles.lockedValue}>{value}</span> <span className="muted small">{reason}</span>
      </dd>
    </div>
  )
}

/** Settings that are what they are, one below the other. */
export function LockedList({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.lockedList}>{children}</dl>
}
