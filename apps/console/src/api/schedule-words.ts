import type { Connection } from './queries.ts'

/** When a connection syncs by itself, in words. */
export function saySchedule(schedule: Connection['schedule']): string {
  switch (schedule.mode) {
    case 'manual':
      return 'Manual: when somebody asks'
    case 'interval':
      return `Every ${sayMinutes(schedule.minutes)}, ${schedule.kind}`
    case 'cron':
      return `At ${schedule.pattern} (${schedule.timeZone}), ${schedule.kind}`
  }
}

function sayMinutes(minutes: number): string {
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'day' : `${minutes / 1_440} days`
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${minutes / 60} hours`
  return `${minutes} minutes`
}
