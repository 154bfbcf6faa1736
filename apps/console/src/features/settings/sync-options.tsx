import { useQuery } from '@tanstack/react-query'
import { outlookOf } from '../../api/schedule-outlook.ts'
import { Badge } from '../../ui/badge.tsx'
import { Choice, Select, TextField } from '../../ui/field.tsx'
import { formatDuration } from '../../ui/time.tsx'
import { useMay } from '../session/session.ts'
import { describeMinutes } from './describe-setting.ts'
import { type ScheduleDraft, scheduleOf } from './draft.ts'
import { Setting } from './setting.tsx'
import styles from './settings.module.css'
import { freshnessQuery } from './settings-queries.ts'
import type { SettingsForm } from './use-settings-form.ts'

const minutesOffered = ['30', '60', '360', '1440']
const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]

/** When it syncs by itself, with how fresh that keeps what is known. */
export function SyncOptions({ connectionId, form }: { readonly connectionId: string; readonly form: SettingsForm }) {
  const { schedule } = form.draft
  const { isDisabled } = form
  const set = (part: Partial<ScheduleDraft>) => form.set('schedule', { ...schedule, ...part })
  const offered = [...new Set([...minutesOffered, schedule.minutes])]
  return (
    <Setting form={form} name="schedule" note={<Outlook connectionId={connectionId} schedule={schedule} />}>
      <Choice
        label="Sync Options"
        value={schedule.mode}
        onChange={(mode) => (mode === 'manual' || mode === 'interval' || mode === 'cron') && set({ mode })}
        options={[
          { value: 'manual', label: 'Manual', description: 'No automatic syncing.' },
          { value: 'interval', label: 'At intervals' },
          { value: 'cron', label: 'By a pattern', description: 'Cron: at times of the day and week.' },
        ]}
        isDisabled={isDisabled}
        error={form.errorOf('schedule')}
      />
      {schedule.mode === 'interval' && (
        <Select
          label="Every"
          value={schedule.minutes}
          onChange={(minutes) => set({ minutes })}
          options={offered.map((value) => ({ value, label: describeMinutes(Number(value)) }))}
          isDisabled={isDisabled}
        />
      )}
      {schedule.mode === 'cron' && (
        <div className={styles.inline}>
          <TextField
            label="Pattern"
            description="Minute, hour, day, month, day of week: 0 3 * * 1-5"
            isCode
            value={schedule.pattern}
            onChange={(pattern) => set({ pattern })}
            isDisabled={isDisabled}
          />
          <Select
            label="Time zone"
            description="In which the pattern is meant"
            value={schedule.timeZone}
            onChange={(timeZone) => set({ timeZone })}
            options={[...new Set([...zones, schedule.timeZone])].map((value) => ({ value, label: value }))}
            isDisabled={isDisabled}
          />
        </div>
      )}
      {schedule.mode !== 'manual' && (
        <Select
          label="Each run reads"
          value={schedule.kind}
          onChange={(kind) => set({ kind: kind === 'full' ? 'full' : 'incremental' })}
          options={[
            { value: 'incremental', label: 'What promises most within the budget (incremental)' },
            { value: 'full', label: 'Everything (full)' },
          ]}
          isDisabled={isDisabled}
        />
      )}
    </Setting>
  )
}

function Outlook({ connectionId, schedule }: { readonly connectionId: string; readonly schedule: ScheduleDraft }) {
  const mayRead = useMay('access:read')
  const { data } = useQuery({ ...freshnessQuery(connectionId), enabled: mayRead })
  const typed = scheduleOf(schedule)
  if (!mayRead || (typed.mode === 'interval' && !(typed.minutes > 0))) return null
  const outlook = data?.cadences ? outlookOf(typed, data.cadences) : null
  return (
    <div className={styles.note}>
      <p className={styles.noteTitle}>Expected freshness</p>
      {outlook === null ? (
        <p>{data ? 'Known once the first sync has seen how large the workspace is.' : 'Reckoning…'}</p>
      ) : (
        <>
          {outlook.isTooMuch && (
            <div>
              <Badge tone="warn">More than the budget gives</Badge>
            </div>
          )}
          {outlook.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {outlook.knownWithin.length > 0 && (
            <>
              <p>Of 20 changes in Bitbucket 19 are told within:</p>
              <dl className={styles.outlook}>
                {outlook.knownWithin.map(([what, seconds]) => (
                  <div key={what} className={styles.outlookRow}>
                    <dt>{what}</dt>
                    <dd>{formatDuration(seconds)}</dd>
                  </div>
                ))}
              </dl>
            </>
          )}
        </>
      )}
    </div>
  )
}
