import { Choice } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './connect.module.css'
import { IncludeFields } from './include-fields.tsx'
import { ScheduleFields } from './schedule-fields.tsx'
import { StepFrame } from './step-frame.tsx'
import { useWizard } from './wizard.ts'
import { WizardField } from './wizard-field.tsx'

const levels = [
  {
    value: 'in-use',
    label: 'Those in use',
    description: 'Levels that somebody or some group holds on a project or repository.',
  },
  {
    value: 'all',
    label: 'All',
    description: 'Every level of every project and repository, also those that nobody holds: many more entitlements.',
  },
]

export function AppSettingsStep() {
  const { draft, change } = useWizard()
  return (
    <StepFrame
      step="app-settings"
      description="When it is read, who answers for it, and what of the workspace is read."
    >
      <Panel title="Sync options">
        <ScheduleFields />
      </Panel>
      <Panel title="Ownership and trust">
        <div className="stack">
          <WizardField
            name="appOwners"
            label="App owners"
            isRequired={false}
            rows={3}
            isCode
            description="Ids of identities in Clarity, one a line; one at least is advisable. They cannot be looked up here: this integration does not know the identities of Clarity, so copy the ids from there."
            value={draft.appOwners}
            onChange={(appOwners) => change({ appOwners })}
          />
          <Choice
            label="Trust relationship"
            value="downstream"
            onChange={() => undefined}
            options={[
              { value: 'downstream', label: 'Downstream' },
              {
                value: 'source-of-truth',
                label: 'Source of Truth',
                disabledBecause: 'Bitbucket does not know who works for you.',
              },
            ]}
          />
          <Choice
            label="Trust permission"
            value="read-only"
            onChange={() => undefined}
            options={[
              {
                value: 'read-only',
                label: 'Read Only',
                description: 'Fixed: Atlassian refuses changes of permissions to OAuth consumers.',
              },
            ]}
          />
          <Choice
            label="Default entitlement for new users"
            value="none"
            onChange={() => undefined}
            options={[
              {
                value: 'none',
                label: 'None',
                disabledBecause: 'Used only when accounts can be created from Clarity, which Bitbucket does not allow.',
              },
            ]}
          />
        </div>
      </Panel>
      <Panel title="Include">
        <IncludeFields />
      </Panel>
      <Panel title="Removal guard">
        <div className="stack">
          <p className="muted">
            When more would go within a day than this, the rest is held until somebody decides. What is held stays as it
            was. The first sync removes nothing, so the guard has nothing to look at until then.
          </p>
          <div className={styles.pair}>
            <WizardField
              name="removalSharePercent"
              label="Share of all grants, in %"
              value={draft.removalSharePercent}
              onChange={(removalSharePercent) => change({ removalSharePercent })}
            />
            <WizardField
              name="removalCount"
              label="So many may always go"
              value={draft.removalCount}
              onChange={(removalCount) => change({ removalCount })}
            />
          </div>
        </div>
      </Panel>
      <Panel title="Levels to publish">
        <Choice
          label="Levels"
          value={draft.publishLevels}
          onChange={(value) => change({ publishLevels: value === 'all' ? 'all' : 'in-use' })}
          options={levels}
        />
      </Panel>
    </StepFrame>
  )
}
