import type { Connection } from '@clarity/shared/contract/connections'
import type { Resource } from '@clarity/shared/contract/entities'
import { defaultRemovalLimit } from '@clarity/shared/contract/holds'
import type { Schedule } from '@clarity/shared/contract/schedule'
import { type AppliedSettings, settingsOf } from '@clarity/shared/contract/settings'
import type { SettingEffect } from '@clarity/shared/contract/settings-view'
import type { EntityKind } from '@clarity/shared/contract/syncs'
import { isResourceIncluded } from '@clarity/shared/store/inclusion'

/** What is known of a connection when the effect of a change is reckoned. */
export interface KnownOfConnection {
  readonly resources: Iterable<Resource>
  readonly totals: Readonly<Record<EntityKind, number>>
}

export interface Settings {
  readonly connection: Connection
  readonly schedule: Schedule
}

/** Says, for each setting that differs, what that does to what is published already. */
export function effectsOf(from: Settings, to: Settings, known: KnownOfConnection): SettingEffect[] {
  const [before, after] = [settingsOf(from.connection), settingsOf(to.connection)]
  return [
    ...(from.connection.name === to.connection.name ? [] : [ofName(to.connection.name)]),
    ...(isSame(from.schedule, to.schedule) ? [] : [ofSchedule(to.schedule)]),
    ...(isSame(before.appOwners, after.appOwners) ? [] : [ofOwners(after)]),
    ...ofResources(before, after, known),
    ...ofLimit(from.connection, to.connection, known),
    ...(before.confirmEmails === after.confirmEmails ? [] : [ofEmails(after)]),
    ...ofAttributes(before, after, known),
  ]
}

function ofName(name: string): SettingEffect {
  return effect('name', `It is called ${name} from now on. Nothing that was published changes.`)
}

function ofSchedule(schedule: Schedule): SettingEffect {
  return effect(
    'schedule',
    schedule.mode === 'manual'
      ? 'It syncs only when it is asked to. What was published stays, and grows old.'
      : 'It syncs by itself from then on. Nothing that was published changes until a sync finds a change.',
  )
}

function ofOwners({ appOwners }: AppliedSettings): SettingEffect {
  const what =
    appOwners.length === 0 ? 'Nobody answers for it any more' : `${appOwners.length} identities answer for it`
  return effect('appOwners', `${what}. Nothing that was published changes.`, { owners: appOwners.length })
}

/** What is read, and of which levels is told, goes by resource. */
function ofResources(before: AppliedSettings, after: AppliedSettings, { resources, totals }: KnownOfConnection) {
  const counts = { leftOut: 0, takenIn: 0, projects: 0, repositories: 0 }
  for (const resource of resources) {
    const [was, is] = [before, after].map(({ include }) => isResourceIncluded(include, resource))
    if (was && !is) counts.leftOut++
    if (!was && is) counts.takenIn++
    if (is && resource.kind === 'project') counts.projects++
    if (is && resource.kind === 'repository') counts.repositories++
  }
  const effects: SettingEffect[] = []
  if (!isSame(before.include, after.include)) effects.push(ofInclude(counts))
  if (before.publishLevels !== after.publishLevels) {
    const all = 4 * counts.projects + 3 * counts.repositories
    effects.push(ofLevels(after.publishLevels, all, totals.entitlements))
  }
  return effects
}

function ofInclude({ leftOut, takenIn }: { readonly leftOut: number; readonly takenIn: number }): SettingEffect {
  return effect(
    'include',
    `${leftOut} projects and repositories are no longer read: what was published of them stays as last known and is told as ` +
      `unobservable, never as revoked. ${takenIn} are read again with one of the next syncs. A full sync takes ` +
      `${Math.abs(2 * (takenIn - leftOut))} requests ${takenIn > leftOut ? 'more' : 'fewer'}.`,
    { leftOut, takenIn, requests: 2 * (takenIn - leftOut) },
  )
}

function ofLevels(levels: AppliedSettings['publishLevels'], all: number, present: number): SettingEffect {
  return effect(
    'publishLevels',
    levels === 'all'
      ? `Every level of every project and repository is published as an entitlement, ${all} in all, as they are read next.`
      : 'Levels that nobody holds are told as removed, with the reason not-in-use, as their resources are read next.',
    { levels: all, entitlementsNow: present },
  )
}

function ofLimit(from: Connection, to: Connection, { totals }: KnownOfConnection): SettingEffect[] {
  const { removalLimit: limit = defaultRemovalLimit } = to
  if (isSame(from.removalLimit ?? defaultRemovalLimit, limit)) return []
  const of = totals.grants + totals.nestings
  const unasked = Math.max(limit.count, Math.floor(of * limit.share))
  const text = `Of ${of} grants and nestings ${unasked} may go within a day without a decision. What is held already stays held.`
  return [effect('removalLimit', text, { of, unasked })]
}

function ofEmails({ confirmEmails }: AppliedSettings): SettingEffect {
  return effect(
    'confirmEmails',
    confirmEmails
      ? 'The next reading of the members asks Bitbucket about the addresses that wait.'
      : 'Bitbucket is no longer asked about addresses. Those that it has confirmed stay published.',
  )
}

function ofAttributes(before: AppliedSettings, after: AppliedSettings, { totals }: KnownOfConnection): SettingEffect[] {
  const gone = before.attributes.filter((name) => !after.attributes.includes(name))
  const added = after.attributes.filter((name) => !before.attributes.includes(name))
  if (gone.length + added.length === 0) return []
  const parts = [
    ...(gone.length > 0 ? [`no longer published: ${gone.join(', ')}`] : []),
    ...(added.length > 0 ? [`published: ${added.join(', ')}`] : []),
  ]
  const text = `Of up to ${totals.serviceUsers} service users, with the next reading of the members: ${parts.join('; ')}. What was told before stays in the stream for as long as it keeps changes.`
  return [effect('attributes', text, { serviceUsers: totals.serviceUsers })]
}

function effect(setting: string, text: string, figures: Readonly<Record<string, number>> = {}): SettingEffect {
  return { setting, effect: text, figures: { ...figures } }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
