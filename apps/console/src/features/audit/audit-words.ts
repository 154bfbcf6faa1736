import type { AuditRecord } from '../../api/insight.ts'

type Sentence = (record: AuditRecord) => string

const kindOf = (record: AuditRecord) => String(record.after?.kind ?? record.before?.kind ?? '')

const countIn = (record: AuditRecord, name: string) => {
  const counts = record.after?.counts
  const count =
    typeof counts === 'object' && counts !== null ? Object.entries(counts).find(([key]) => key === name) : undefined
  return count === undefined ? null : Number(count[1])
}

/** What each action says of who did it; the set is open. */
const predicates: Readonly<Record<string, Sentence>> = {
  'connection.created': () => 'connected the workspace',
  'connection.updated': ({ before, after }) => {
    const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].map(fieldName)
    return fields.length === 0 ? 'changed the settings' : `changed ${list(fields)}`
  },
  'connection.paused': () => 'paused the connection',
  'connection.resumed': () => 'resumed the connection',
  'connection.removed': () => 'removed the connection',
  'credentials.replaced': () => 'replaced the credentials',
  'sync.requested': (record) => `asked for ${withArticle(kindOf(record))} sync`,
  'sync.cancelled': (record) => `cancelled ${withArticle(kindOf(record))} sync`,
  'removals.approved': (record) => withCount(record, 'removed', 'approved held removals', 'approved'),
  'removals.rejected': (record) => withCount(record, 'kept', 'rejected held removals', 'rejected'),
  'removals.verified': () => 'asked whether removals are true',
  'stream.verified': () => 'asked the stream whether it is alive',
  'candidate-emails.added': () => 'sent candidate addresses for matching',
  'webhook.configured': () => 'set up the webhook',
  'webhook.removed': () => 'removed the webhook',
  'access.exported': ({ after }) => {
    const { exported } = after ?? {}
    const what = typeof exported === 'object' && exported !== null && 'what' in exported ? String(exported.what) : ''
    return what === '' ? 'exported access data' : `exported ${what.replaceAll('-', ' ')}`
  },
}

const names: Readonly<Record<string, string>> = {
  'connection.created': 'Workspace connected',
  'connection.updated': 'Settings changed',
  'connection.paused': 'Paused',
  'connection.resumed': 'Resumed',
  'connection.removed': 'Connection removed',
  'credentials.replaced': 'Credentials replaced',
  'sync.requested': 'Sync asked for',
  'sync.cancelled': 'Sync cancelled',
  'removals.approved': 'Held removals approved',
  'removals.rejected': 'Held removals rejected',
  'removals.verified': 'Removals verified',
  'stream.verified': 'Stream verified',
  'candidate-emails.added': 'Candidate addresses sent',
  'webhook.configured': 'Webhook set up',
  'webhook.removed': 'Webhook removed',
  'access.exported': 'Access exported',
}

/** The actions that can be filtered by, with what they are called. */
export const actions: readonly (readonly [action: string, name: string])[] = Object.entries(names)

/** What was done, without who did it: "asked for a full sync". */
export function sayAction(record: AuditRecord): string {
  return predicates[record.action]?.(record) ?? `did ${record.action}`
}

/** Who did something, as they are known. */
export function sayActor({ kind, id, name }: AuditRecord['actor']): string {
  if (name !== null) return name
  switch (kind) {
    case 'system':
      return 'The system'
    case 'operator':
      return `Operator ${id}`
    case 'webhook':
      return "Bitbucket's webhook"
    default:
      return id
  }
}

export interface ChangedField {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

/** What was changed from what to what; null: it was not there, or is no more. */
export function changedFields({ before, after }: Pick<AuditRecord, 'before' | 'after'>): ChangedField[] {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return keys.map((key) => ({ name: fieldName(key), from: sayValue(before?.[key]), to: sayValue(after?.[key]) }))
}

const fieldNames: Readonly<Record<string, string>> = {
  name: 'the name',
  uniqueIdentifier: 'the unique identifier',
  workspace: 'the workspace',
  schedule: 'the schedule',
  appOwners: 'the app owners',
  include: 'what is included',
  publishLevels: 'the levels that are told',
  removalLimit: 'the limit of removals',
  confirmEmails: 'the matching of addresses',
  attributes: 'the attributes that are told',
  paused: 'whether it is paused',
  credential: 'the credential',
  moreCredentials: 'the further credentials',
}

function fieldName(key: string): string {
  return fieldNames[key] ?? key
}

function sayValue(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => sayValue(one) ?? '–').join(', ')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, inner]) => `${key}: ${sayValue(inner) ?? 'all'}`)
      .join(', ')
  }
  return String(value)
}

function withCount(record: AuditRecord, name: string, otherwise: string, verb: string): string {
  const count = countIn(record, name)
  return count === null ? otherwise : `${verb} ${count} held ${count === 1 ? 'removal' : 'removals'}`
}

function withArticle(kind: string): string {
  if (kind === '') return 'a'
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`
}

function list(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length <= 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
