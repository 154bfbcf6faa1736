import type { Draft, ScheduleChoice } from './draft.ts'

export const scheduleNames: Readonly<Record<ScheduleChoice, string>> = {
  manual: 'Manual (no automatic syncing)',
  '30': 'Every 30 minutes',
  '60': 'Every hour',
  '360': 'Every 6 hours',
  '1440': 'Every 24 hours',
  cron: 'By a cron pattern',
}

/** The schedule in a few words: "Every 6 hours, reads everything". */
export function nameSchedule({
  schedule,
  pattern,
  timeZone,
  kind,
}: Pick<Draft, 'schedule' | 'pattern' | 'timeZone' | 'kind'>): string {
  if (schedule === 'manual') return scheduleNames.manual
  const when = schedule === 'cron' ? `${pattern.trim()} (${timeZone})` : scheduleNames[schedule]
  return kind === 'full' ? `${when}, reads everything` : `${when}, reads what promises most`
}
