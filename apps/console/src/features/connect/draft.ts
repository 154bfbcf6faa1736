import { defaultRemovalLimit } from '@clarity/shared/contract/holds'
import { AttributeName, defaultSettings, PublishLevels } from '@clarity/shared/contract/settings'
import { z } from 'zod'

/**
 * What is typed into the wizard, as it is typed. It is kept in the browser until the connection is saved or one starts over, so
 * nothing secret has a field in it, and none of the candidate addresses: those are in `Secrets` and in memory.
 */

export const scheduleChoices = ['manual', '30', '60', '360', '1440', 'cron'] as const
export type ScheduleChoice = (typeof scheduleChoices)[number]

const DraftCredential = z.object({ kind: z.enum(['oauth-consumer', 'api-token']), key: z.string() })
export type DraftCredential = z.infer<typeof DraftCredential>

const text = (initial = '') => z.string().catch(initial)
const flag = (initial: boolean) => z.boolean().catch(initial)

/** What is missing in a kept draft, or has another form than this release gives it, begins anew. */
const Draft = z.object({
  name: text(),
  /** Null: it follows the workspace. */
  uniqueIdentifier: z.string().nullable().catch(null),
  workspace: text(),
  /** Of the consumer: what it is known by, no secret. */
  key: text(),
  moreCredentials: z.array(DraftCredential).max(4).catch([]),
  /** What was done in Bitbucket, to find one's place again. */
  done: z.array(z.string()).catch([]),
  schedule: z.enum(scheduleChoices).catch('30'),
  pattern: text('0 3 * * *'),
  timeZone: text('UTC'),
  kind: z.enum(['incremental', 'full']).catch('incremental'),
  appOwners: text(),
  projects: text(),
  repositories: text(),
  removalSharePercent: text(String(defaultRemovalLimit.share * 100)),
  removalCount: text(String(defaultRemovalLimit.count)),
  publishLevels: PublishLevels.catch(defaultSettings.publishLevels),
  confirmEmails: flag(defaultSettings.confirmEmails),
  attributes: z.array(AttributeName).catch([...defaultSettings.attributes]),
})
export type Draft = z.infer<typeof Draft>

/** What is never kept anywhere but in the memory of this page. */
export interface Secrets {
  readonly secret: string
  /** Of each further credential, in their order. */
  readonly more: readonly string[]
}

export const noSecrets: Secrets = { secret: '', more: [] }

/** A draft in which nothing is typed yet. */
export function newDraft(timeZone: string): Draft {
  return Draft.parse({ timeZone })
}

/** The draft that was kept; a new one where there is none that can be read. */
export function parseDraft(kept: string | null, timeZone: string): Draft {
  if (kept === null) return newDraft(timeZone)
  try {
    const parsed = Draft.safeParse(JSON.parse(kept))
    return parsed.success ? parsed.data : newDraft(timeZone)
  } catch {
    return newDraft(timeZone)
  }
}

/** What is kept of it: the fields of a draft and nothing that came along with them. */
export function serialiseDraft(draft: Draft): string {
  return JSON.stringify(Draft.parse(draft))
}
