import { RemovalLimit } from '@clarity/shared/contract/holds'
import { type AttributeName, type PublishLevels, SettingsChange } from '@clarity/shared/contract/settings'
import { type Defined, definedOnly } from '../../api/defined.ts'
import type { Settings } from './settings-queries.ts'

export type SettingName = keyof SettingsChange
type Schedule = Settings['appSettings']['schedule']

/** What is typed into the form. Numbers and lists are text until they are read, so that nothing is lost that is half written. */
export interface Draft {
  readonly name: string
  readonly schedule: ScheduleDraft
  readonly appOwners: string
  readonly include: { readonly projects: ListDraft; readonly repositories: ListDraft }
  readonly removalLimit: { readonly percent: string; readonly count: string }
  readonly publishLevels: PublishLevels
  readonly confirmEmails: boolean
  readonly attributes: readonly AttributeName[]
}

export interface ScheduleDraft {
  readonly mode: Schedule['mode']
  readonly minutes: string
  readonly pattern: string
  readonly timeZone: string
  readonly kind: 'incremental' | 'full'
}

/** All of them, or those that are listed. */
export interface ListDraft {
  readonly isAll: boolean
  readonly text: string
}

/** In the order of the form. */
export const settingNames = [
  ...(['name', 'schedule', 'appOwners', 'include', 'removalLimit', 'publishLevels'] as const),
  ...(['confirmEmails', 'attributes'] as const),
] as const satisfies readonly SettingName[]

/** What each is called on the page. */
export const settingLabels: Readonly<Record<SettingName, string>> = {
  name: 'Name',
  schedule: 'Sync Options',
  appOwners: 'App Owners',
  include: 'Include',
  removalLimit: 'Removal guard',
  publishLevels: 'Levels to publish',
  confirmEmails: 'E-mail confirmation',
  attributes: 'Attributes to publish',
}

export function draftOf({ connectApp, appSettings, userSettings }: Settings): Draft {
  const { schedule, appOwners, include, removalLimit, publishLevels } = appSettings
  return {
    name: connectApp.name,
    schedule: {
      mode: schedule.mode,
      minutes: schedule.mode === 'interval' ? String(schedule.minutes) : '60',
      pattern: schedule.mode === 'cron' ? schedule.pattern : '0 3 * * *',
      timeZone: schedule.mode === 'cron' ? schedule.timeZone : 'UTC',
      kind: schedule.mode === 'manual' ? 'incremental' : schedule.kind,
    },
    appOwners: appOwners.join('\n'),
    include: { projects: listDraftOf(include.projects), repositories: listDraftOf(include.repositories) },
    removalLimit: { percent: String(Number((removalLimit.share * 100).toFixed(4))), count: String(removalLimit.count) },
    publishLevels,
    confirmEmails: userSettings.confirmEmails,
    attributes: userSettings.attributes.filter(({ published }) => published).map(({ name }) => name),
  }
}

/** What of the draft differs from the settings, ready to be sent; and what of it cannot be read, and why. */
export interface DraftChange {
  readonly change: Defined<SettingsChange>
  readonly changed: readonly SettingName[]
  readonly errors: Readonly<Partial<Record<SettingName, string>>>
}

export function changeOf(draft: Draft, settings: Settings): DraftChange {
  const present = draftOf(settings)
  const typed = settingNames.filter((name) => !isSame(draft[name], present[name]))
  const errors: Partial<Record<SettingName, string>> = {}
  const change: Record<string, unknown> = {}
  for (const name of typed) {
    const given = typedValue(draft, name)
    const read = SettingsChange.safeParse({ [name]: given })
    if (!read.success) errors[name] = toText(read.error.issues[0], given)
    // What is written otherwise may mean the same.
    else if (!isSame(read.data[name], SettingsChange.parse({ [name]: typedValue(present, name) })[name])) {
      change[name] = read.data[name]
    }
  }
  const changed = typed.filter((name) => name in change || name in errors)
  return { change: definedOnly(SettingsChange.parse(change)), changed, errors }
}

export interface Rebased {
  readonly draft: Draft
  /** What somebody else has changed. */
  readonly byOthers: readonly SettingName[]
  /** Of it, what was being changed here too: what was typed is kept. */
  readonly conflicting: readonly SettingName[]
}

/** A draft on top of settings that somebody else has changed meanwhile: what was typed stays, the rest follows. */
export function rebase(draft: Draft, from: Settings, to: Settings): Rebased {
  const [before, after] = [draftOf(from), draftOf(to)]
  const byOthers = settingNames.filter((name) => !isSame(before[name], after[name]))
  const conflicting = byOthers.filter((name) => !isSame(draft[name], before[name]) && !isSame(draft[name], after[name]))
  const follow = Object.fromEntries(
    byOthers.filter((name) => !conflicting.includes(name)).map((name) => [name, after[name]]),
  )
  return { draft: { ...draft, ...follow }, byOthers, conflicting }
}

/** The setting that a field of a refused change is of. */
export function settingOfField(field: string): SettingName | undefined {
  return settingNames.find((name) => field === name || field.startsWith(`${name}.`))
}

function typedValue({ schedule, include, removalLimit, ...draft }: Draft, name: SettingName): unknown {
  switch (name) {
    case 'schedule':
      return scheduleOf(schedule)
    case 'appOwners':
      return wordsOf(draft.appOwners)
    case 'include':
      return { projects: listOf(include.projects), repositories: listOf(include.repositories) }
    case 'removalLimit':
      return limitOf(removalLimit)
    default:
      return draft[name]
  }
}

/** The schedule that is typed, as far as it can be read. */
export function scheduleOf({ mode, minutes, pattern, timeZone, kind }: ScheduleDraft): Schedule {
  if (mode === 'manual') return { mode }
  return mode === 'interval' ? { mode, minutes: numberOf(minutes), kind } : { mode, pattern, timeZone, kind }
}

/** The limit that is typed; null: it cannot be read. */
export function readLimit(draft: Draft['removalLimit']): RemovalLimit | null {
  return RemovalLimit.safeParse(limitOf(draft)).data ?? null
}

function limitOf({ percent, count }: Draft['removalLimit']): RemovalLimit {
  return { share: numberOf(percent) / 100, count: numberOf(count) }
}

function listOf({ isAll, text }: ListDraft): readonly string[] | null {
  return isAll ? null : wordsOf(text)
}

function listDraftOf(words: readonly string[] | null): ListDraft {
  return { isAll: words === null, text: words?.join('\n') ?? '' }
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '')
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'))
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

const names: Readonly<Record<string, string>> = {
  name: 'The name',
  appOwners: 'The list',
  projects: 'The list of projects',
  repositories: 'The list of repositories',
  minutes: 'The number of minutes',
  timeZone: 'The time zone',
}

const whatIsListed: Readonly<Record<string, string>> = {
  projects: 'the key of a project at least',
  repositories: 'a pattern at least',
}

/** A mistake as a sentence: what is wrong is named by what was typed. */
function toText(issue: Issue | undefined, given: unknown): string {
  if (issue === undefined) return 'This cannot be read.'
  const path = issue.path.map(String)
  if (path[1] === 'share') return 'Write a share from 0 to 100 percent.'
  if (path[1] === 'count') return 'Write a whole number, 0 or more.'
  const last = path.at(-1) ?? ''
  if (issue.message.startsWith('is empty') && last in whatIsListed) return `Name ${whatIsListed[last]}, or choose all.`
  if (/^\d+$/.test(last)) {
    const word = path.slice(1).reduce<unknown>((value, key) => Object(value)[key], given)
    return `“${String(word)}” ${issue.message}.`
  }
  return /^(is|has|names)\b/.test(issue.message) ? `${names[last] ?? 'This'} ${issue.message}.` : `${issue.message}.`
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
