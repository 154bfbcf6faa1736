import { Choice, Select } from '../../ui/field.tsx'
import styles from './connect.module.css'
import { scheduleChoices } from './draft.ts'
import { FreshnessPreview } from './freshness-preview.tsx'
import { scheduleNames } from './schedule-names.ts'
import { useWizard } from './wizard.ts'
import { WizardField } from './wizard-field.tsx'

const options = scheduleChoices.map((value) => ({
  value,
  label: scheduleNames[value],
  ...(value === 'manual' && {
    description: 'Nothing is read unless somebody asks. The first sync still starts when you save.',
  }),
}))

const kinds = [
  {
    value: 'incremental',
    label: 'What promises most within the budget',
    description: 'Lists each time, then the projects and repositories whose facts are oldest. Recommended.',
  },
  { value: 'full', label: 'Everything', description: 'Each run reads the whole workspace.' },
]

/** When it is read, and under it what freshness that gives. */
export function ScheduleFields() {
  const { draft, change } = useWizard()
  return (
    <div className="stack">
      <Choice
        label="Schedule"
        value={draft.schedule}
        onChange={(chosen) => {
          const schedule = scheduleChoices.find((choice) => choice === chosen)
          if (schedule !== undefined) change({ schedule })
        }}
        options={options}
      />
      {draft.schedule === 'cron' && (
        <div className={styles.pair}>
          <WizardField
            name="pattern"
            label="Cron pattern"
            description="Minute, hour, day of month, month, day of week."
            isCode
            value={draft.pattern}
            onChange={(pattern) => change({ pattern })}
          />
          <TimeZone />
        </div>
      )}
      {draft.schedule !== 'manual' && (
        <Choice
          label="What each run reads"
          value={draft.kind}
          onChange={(kind) => change({ kind: kind === 'full' ? 'full' : 'incremental' })}
          options={kinds}
        />
      )}
      <FreshnessPreview />
    </div>
  )
}

function TimeZone() {
  const { draft, change } = useWizard()
  const zones = [...new Set(['UTC', draft.timeZone, ...Intl.supportedValuesOf('timeZone')])]
  return (
    <Select
      label="Time zone"
      description="The pattern is read in it."
      value={draft.timeZone}
      onChange={(timeZone) => change({ timeZone })}
      options={zones.map((zone) => ({ value: zone, label: zone }))}
    />
  )
}
