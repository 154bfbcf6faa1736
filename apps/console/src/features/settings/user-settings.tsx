import { attributeLabels } from '../../api/attribute-labels.ts'
import { Badge } from '../../ui/badge.tsx'
import { Checkbox, Switch } from '../../ui/field.tsx'
import { Locked, LockedList, Setting } from './setting.tsx'
import styles from './settings.module.css'
import type { Settings } from './settings-queries.ts'
import type { SettingsForm } from './use-settings-form.ts'

type Provisioning = Settings['userSettings']['provisioning']

const switches: readonly (readonly [keyof Provisioning, string])[] = [
  ['createUser', 'Create users'],
  ['updateUser', 'Update users'],
  ['deactivateUser', 'Deactivate users'],
  ['deleteUser', 'Delete users'],
  ['addEntitlement', 'Add entitlements'],
  ['removeEntitlement', 'Remove entitlements'],
]

/** What Clarity may do with users, which is nothing, and what is published of them. */
export function UserSettings({ form }: { readonly form: SettingsForm }) {
  const { provisioning, onTermination, attributes } = form.settings.userSettings
  const { attributes: published } = form.draft
  return (
    <div className={styles.settings}>
      <div className="stack-small">
        <h3>Provisioning</h3>
        <p className="muted small">{provisioning.createUser.reason}</p>
        <div className={styles.ticks}>
          {switches.map(([name, label]) => (
            <Switch key={name} isSelected={provisioning[name].value} onChange={() => {}} isDisabled>
              {label}: No
            </Switch>
          ))}
        </div>
      </div>
      <LockedList>
        <Locked label="On termination" value="Nothing is done in Bitbucket" reason={onTermination.reason} />
      </LockedList>
      <Setting form={form} name="attributes">
        <fieldset className={styles.ticks}>
          <legend>Attributes to publish</legend>
          {attributes.map(({ name, personal }) => (
            <Checkbox
              key={name}
              isSelected={published.includes(name)}
              isDisabled={form.isDisabled}
              onChange={(isSelected) =>
                form.set(
                  'attributes',
                  attributes
                    .map((attribute) => attribute.name)
                    .filter((other) => (other === name ? isSelected : published.includes(other))),
                )
              }
            >
              {attributeLabels[name]} {personal && <Badge tone="info">Personal data</Badge>}
            </Checkbox>
          ))}
        </fieldset>
        <p className="muted small">Ids, kind and state of an account are always published: they tell accounts apart.</p>
        {form.errorOf('attributes') !== undefined && <p className={styles.error}>{form.errorOf('attributes')}</p>}
      </Setting>
    </div>
  )
}
