import { TextField } from '../../ui/field.tsx'
import { Locked, LockedList, Setting } from './setting.tsx'
import styles from './settings.module.css'
import type { SettingsForm } from './use-settings-form.ts'

const ways = { api: 'API' } as const

/** What is connected, and what it is called. */
export function ConnectApp({ form }: { readonly form: SettingsForm }) {
  const { uniqueIdentifier, accessVia, workspace } = form.settings.connectApp
  return (
    <div className={styles.settings}>
      <Setting form={form} name="name">
        <TextField
          label="Name"
          description="For people; unique among your applications."
          value={form.draft.name}
          onChange={(name) => form.set('name', name)}
          isDisabled={form.isDisabled}
          error={form.errorOf('name')}
        />
      </Setting>
      <LockedList>
        <Locked
          label="Unique Identifier"
          value={<code>{uniqueIdentifier.value}</code>}
          reason={uniqueIdentifier.reason}
        />
        <Locked label="Access Via" value={ways[accessVia.value]} reason={accessVia.reason} />
        <Locked
          label="Workspace"
          value={`${workspace.value.name} (${workspace.value.slug})`}
          reason={workspace.reason}
        />
      </LockedList>
    </div>
  )
}
