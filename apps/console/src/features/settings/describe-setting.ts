import { countOf } from '../../ui/time.tsx'
import type { SettingName } from './draft.ts'
import type { Settings } from './settings-queries.ts'

const levels = { 'in-use': 'levels in use', all: 'all levels' } as const

/** What a setting is now, in a few words. */
export function describeSetting({ connectApp, appSettings, userSettings }: Settings, name: SettingName): string {
  const { schedule, appOwners, include, removalLimit, publishLevels } = appSettings
  switch (name) {
    case 'name':
      return connectApp.name
    case 'schedule':
      return describeSchedule(schedule)
    case 'appOwners':
      return appOwners.join(', ') || 'nobody'
    case 'include':
      return `${include.projects?.join(', ') ?? 'all projects'}; ${include.repositories?.join(', ') ?? 'all repositories'}`
    case 'removalLimit':
      return `${Number((removalLimit.share * 100).toFixed(4))} % and ${countOf(removalLimit.count, 'removal')}`
    case 'publishLevels':
      return levels[publishLevels]
    case 'confirmEmails':
      return userSettings.confirmEmails ? 'on' : 'off'
    case 'attributes': {
      const published = userSettings.attributes.filter((attribute) => attribute.published)
      return published.map((attribute) => attribute.name).join(', ') || 'none'
    }
  }
}

function describeSchedule(schedule: Settings['appSettings']['schedule']): string {
  if (schedule.mode === 'manual') return 'Manual'
  const kind = schedule.kind === 'full' ? 'full' : 'incremental'
  if (schedule.mode === 'cron') return `${schedule.pattern} (${schedule.timeZone}), ${kind}`
  return `every ${describeMinutes(schedule.minutes)}, ${kind}`
}

export function describeMinutes(minutes: number): string {
  if (minutes % 1_440 === 0 && minutes > 1_440) return `${minutes / 1_440} days`
  return minutes % 60 === 0 ? countOf(minutes / 60, 'hour') : `${minutes} minutes`
}
