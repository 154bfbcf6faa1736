import type { ReactNode } from 'react'
import { CopyField } from '../../ui/copy-field.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './connect.module.css'
import { neededPermissions, whyAdmin } from './permissions.ts'
import { useWizard } from './wizard.ts'
import { parseWorkspace } from './workspace-reference.ts'

const callbackUrl = 'https://claritysecurity.com'

/** What is to be done in Bitbucket; ticks help to find one's place again and mean nothing else. */
export function ConsumerGuide() {
  const { draft, validation } = useWizard()
  const slug = parseWorkspace(draft.workspace)
  const missing = validation.latest?.preflight.scopes.missing ?? []
  return (
    <Panel title="In Bitbucket">
      <div className="stack">
        <p className="muted">As an administrator of the workspace. Tick what is done, to find your place again.</p>
        <ol className={styles.guide}>
          <li>
            <Done id="open">
              Open Workspace settings → OAuth consumers → Add consumer
              {slug !== null && !slug.startsWith('{') && (
                <>
                  {' '}
                  (
                  <a href={`https://bitbucket.org/${slug}/workspace/settings/api`} target="_blank" rel="noreferrer">
                    open it for {slug}
                  </a>
                  )
                </>
              )}
            </Done>
          </li>
          <li>
            <Done id="named">
              Name it <strong>Clarity Security</strong>
            </Done>
          </li>
          <li>
            <Done id="callback">
              Enter the callback URL below. It will not be called, but a consumer without one is refused.
            </Done>
            <div className={styles.inner}>
              <CopyField label="Callback URL" value={callbackUrl} />
            </div>
          </li>
          <li>
            <Done id="private">
              Tick <strong>This is a private consumer</strong>
            </Done>
          </li>
          <li>
            <fieldset className={styles.group}>
              <legend>Tick these five permissions, and no others</legend>
              {neededPermissions.map(({ scope, label, why }) => (
                <Done key={scope} id={`permission-${scope}`}>
                  <strong>{label}</strong> <span className="muted">· {why}</span>
                  {missing.includes(scope) && <strong> · was missing when it was last looked at</strong>}
                </Done>
              ))}
            </fieldset>
            <details className={styles.inner}>
              <summary>Why Admin, when nothing is written?</summary>
              <p className="small">{whyAdmin}</p>
            </details>
          </li>
          <li>
            <Done id="saved">Save, open the consumer in the list, and copy its key and secret</Done>
          </li>
        </ol>
      </div>
    </Panel>
  )
}

function Done({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const { draft, change } = useWizard()
  const onChange = (isDone: boolean) =>
    change({ done: isDone ? [...draft.done, id] : draft.done.filter((other) => other !== id) })
  return (
    <Checkbox isSelected={draft.done.includes(id)} onChange={onChange}>
      {children}
    </Checkbox>
  )
}
