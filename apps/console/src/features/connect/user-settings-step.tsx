import { Checkbox, Choice, Switch } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { AddressFields } from './address-fields.tsx'
import { AttributeFields } from './attribute-fields.tsx'
import styles from './connect.module.css'
import { StepFrame } from './step-frame.tsx'
import { useWizard } from './wizard.ts'

const switches = [
  'Create users',
  'Update users',
  'Deactivate users',
  'Delete users',
  'Add entitlements',
  'Remove entitlements',
] as const

export function UserSettingsStep() {
  const { draft, change } = useWizard()
  return (
    <StepFrame step="user-settings" description="What happens to people in Bitbucket, and what is told of them.">
      <Panel title="Provisioning">
        <div className="stack">
          <p className="muted">
            All of these are off and locked: Atlassian refuses changes of permissions to OAuth consumers, so nothing is
            ever written to Bitbucket.
          </p>
          <div className={styles.locked}>
            {switches.map((name) => (
              <Switch key={name} isSelected={false} isDisabled onChange={() => undefined}>
                {name}: No
              </Switch>
            ))}
          </div>
          <Choice
            label="On termination"
            value=""
            isDisabled
            onChange={() => undefined}
            description="Neither can be done, for the same reason. Remove the person in Bitbucket; the next sync tells that it is done."
            options={[
              { value: 'disable', label: 'Disable the account' },
              { value: 'delete', label: 'Delete the account' },
            ]}
          />
        </div>
      </Panel>
      <Panel title="Matching evidence">
        <div className="stack">
          <p className="muted">
            Bitbucket lists nobody's address. It only confirms those that it is asked about, so give the addresses that
            people of the workspace may have: an account whose address is confirmed can be matched to its identity
            without a guess.
          </p>
          <Checkbox isSelected={draft.confirmEmails} onChange={(confirmEmails) => change({ confirmEmails })}>
            Confirm e-mail addresses at Bitbucket
          </Checkbox>
          {draft.confirmEmails && <AddressFields />}
        </div>
      </Panel>
      <Panel title="Attributes to publish">
        <AttributeFields />
      </Panel>
    </StepFrame>
  )
}
