import { z } from 'zod'

/** Why a scope's facts are not as fresh as the last try to read it, and since when. */
export const NotRead = z.object({
  /** `unobservable`: Bitbucket does not show it to this credential. `stale`: time may heal it. */
  state: z.enum(['stale', 'unobservable']),
  since: z.string(),
  reason: z.string(),
})
export type NotRead = z.infer<typeof NotRead>

/** What is known of a scope beside its facts. */
export interface ScopeRecord {
  /** Rises with every change of the facts; what a difference was computed from. */
  readonly version: string
  /** Digest of the reading that the facts came from; an equal one needs no comparison. */
  readonly digest: string
  /** The version of the facts that the digest speaks of. Another one: something was committed after it. */
  readonly digestVersion: string
  /** When the facts were last read whole; null: never. */
  readonly readAt: string | null
  /** The sync that last read it, or tried to. */
  readonly readBy: string | null
  /** Why the last try to read it came to nothing; null when it was read. */
  readonly notRead: NotRead | null
}

export const noRecord: ScopeRecord = {
  version: '0',
  digest: '',
  digestVersion: '',
  readAt: null,
  readBy: null,
  notRead: null,
}

/** Whether a sync has read the scope, or tried to in vain. */
export function wasTriedBy(record: ScopeRecord, syncId: string): boolean {
  return record.readBy === syncId
}

const Told = z.tuple([
  z.string(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
  z.tuple([z.enum(['stale', 'unobservable']), z.string(), z.string()]).nullable(),
])

/** Writes a record without its version, which the commit script writes in front. */
export function encodeRecord({ digest, digestVersion, readAt, readBy, notRead }: Omit<ScopeRecord, 'version'>): string {
  const why: z.input<typeof Told>[4] = notRead && [notRead.state, notRead.since, notRead.reason]
  return JSON.stringify([digest, digestVersion, readAt, readBy, why] satisfies z.input<typeof Told>)
}

/** Reads `<version> <record>`. */
export function decodeRecord(text: string): ScopeRecord {
  const at = text.indexOf(' ')
  const version = text.slice(0, at)
  if (at + 1 === text.length) return { ...noRecord, version }
  const [digest, digestVersion, readAt, readBy, why] = Told.parse(JSON.parse(text.slice(at + 1)))
  const notRead = why && { state: why[0], since: why[1], reason: why[2] }
  return { version, digest, digestVersion, readAt, readBy, notRead }
}
