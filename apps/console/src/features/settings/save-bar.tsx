import { Notice } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/state.tsx'
import { countOf } from '../../ui/time.tsx'
import { settingLabels, settingNames } from './draft.ts'
import styles from './settings.module.css'
import type { SettingsForm } from './use-settings-form.ts'

/** At the lower edge of the window while something is not saved: what it is, and what is in its way. */
export function SaveBar({ form }: { readonly form: SettingsForm }) {
  const { changed, byOthers, problem, saved } = form
  const wrong = settingNames.filter((name) => form.errorOf(name) !== undefined)
  const names = (of: typeof changed) => of.map((name) => settingLabels[name]).join(', ')
  return (
    <div className={changed.length > 0 || byOthers.length > 0 || saved !== null ? styles.saveBar : undefined}>
      {byOthers.length > 0 && (
        <div role="alert">
          <Notice tone="warn">
            <p>
              <strong>Somebody else was faster.</strong> They changed: {names(byOthers)}. The page shows the settings as
              they are now, and what you typed is kept. Look at it again, then save.
            </p>
            <div>
              <Button size="small" onPress={form.acknowledge}>
                I have seen it
              </Button>
            </div>
          </Notice>
        </div>
      )}
      {problem && <ErrorState problem={problem} />}
      <div role="status">{saved !== null && changed.length === 0 && <Notice tone="good">{saved}</Notice>}</div>
      {changed.length > 0 && (
        <div className="spread">
          <p>
            <strong>{countOf(changed.length, 'change')} not saved:</strong> {names(changed)}
            {wrong.length > 0 && <span className="muted"> · to be mended first: {names(wrong)}</span>}
          </p>
          <div className="row">
            <Button isDisabled={form.isDisabled} onPress={form.discard}>
              Discard
            </Button>
            <Button look="primary" isDisabled={wrong.length > 0} isPending={form.isSaving} onPress={form.save}>
              Save changes
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}
