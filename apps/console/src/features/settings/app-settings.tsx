import { useQuery } from '@tanstack/react-query'
import { countsQuery } from '../../api/queries.ts'
import { Choice, TextField } from '../../ui/field.tsx'
import { useMay } from '../session/session.ts'
import { readLimit } from './draft.ts'
import { IncludeSetting } from './include-setting.tsx'
import { describeGuard } from './removal-guard.ts'
import { Locked, LockedList, Setting } from './setting.tsx'
import styles from './settings.module.css'
import { SyncOptions } from './sync-options.tsx'
import type { SettingsForm } from './use-settings-form.ts'

/** What of the application is read and published, and how often. */
export function AppSettings({ connectionId, form }: { readonly connectionId: string; readonly form: SettingsForm }) {
  const { trustRelationship, trustPermission, defaultEntitlement } = form.settings.appSettings
  return (
    <div className={styles.settings}>
      <SyncOptions connectionId={connectionId} form={form} />
      <Setting form={form} name="appOwners">
        <TextField
          label="App Owners"
          description="Ids of the identities in Clarity who answer for it, one a line. One at least is advisable."
          rows={2}
          isCode
          isRequired={false}
          value={form.draft.appOwners}
          onChange={(owners) => form.set('appOwners', owners)}
          isDisabled={form.isDisabled}
          error={form.errorOf('appOwners')}
        />
      </Setting>
      <LockedList>
        <Locked label="Trust Relationship" value="Downstream" reason={trustRelationship.reason} />
        <Locked label="Trust Permission" value="Read Only" reason={trustPermission.reason} />
        <Locked label="Default Entitlement for New Users" value="None" reason={defaultEntitlement.reason} />
      </LockedList>
      <IncludeSetting form={form} />
      <RemovalGuard connectionId={connectionId} form={form} />
      <Setting form={form} name="publishLevels">
        <Choice
          label="Levels to publish"
          description="Of a project or repository, these levels are told as entitlements."
          options={[
            { value: 'in-use', label: 'In use', description: 'Levels that somebody or some group holds.' },
            { value: 'all', label: 'All', description: 'Every level of every project and repository.' },
          ]}
          value={form.draft.publishLevels}
          onChange={(value) => form.set('publishLevels', value === 'all' ? 'all' : 'in-use')}
          isDisabled={form.isDisabled}
          error={form.errorOf('publishLevels')}
        />
      </Setting>
    </div>
  )
}

function RemovalGuard({ connectionId, form }: { readonly connectionId: string; readonly form: SettingsForm }) {
  const { data: counts } = useQuery({ ...countsQuery(connectionId), enabled: useMay('access:read') })
  const { removalLimit: draft } = form.draft
  const limit = readLimit(draft)
  const set = (part: Partial<typeof draft>) => form.set('removalLimit', { ...draft, ...part })
  return (
    <Setting
      form={form}
      name="removalLimit"
      note={
        <div className={styles.note}>
          <p className={styles.noteTitle}>On present numbers</p>
          <p>
            {limit === null || counts === undefined
              ? 'Not known.'
              : describeGuard(limit, counts.grants + counts.nestings)}
          </p>
        </div>
      }
    >
      <h3>Removal guard</h3>
      <p className="muted small">
        When more than this would go within a day, all further removals are held until somebody decides. Additions
        always go on.
      </p>
      <div className={styles.inline}>
        <TextField
          label="Share in percent"
          value={draft.percent}
          onChange={(percent) => set({ percent })}
          isDisabled={form.isDisabled}
          error={form.errorOf('removalLimit')}
        />
        <TextField
          label="Always allowed"
          value={draft.count}
          onChange={(count) => set({ count })}
          isDisabled={form.isDisabled}
        />
      </div>
    </Setting>
  )
}
