import { type StateChange, stateKeyParts, stateKindOf, stateValue } from '@clarity/shared/contract/state'
import { z } from 'zod'
import type { TopicRecord } from './read-to-end.ts'

/** What a record of the state topic says. */
export interface StateRecord {
  readonly tenantId: string
  readonly connectionId: string
  /** The change that made it so. */
  readonly sequence: bigint
  /** When that was: when Bitbucket was read, or when it was decided where that was later. */
  readonly time: string
  readonly change: StateChange
}

/** Reads a record of the state topic; null for a kind that this release does not know. @throws Error for one that breaks the contract */
export function parseStateRecord({ key, value, headers, offset, partition }: TopicRecord): StateRecord | null {
  const kind = stateKindOf(headers.ce_type ?? '')
  if (kind === null) return null
  const parts = stateKeyParts(key)
  const sequence = /^\d{20}$/.exec(headers.ce_sequence ?? '')
  const time = headers.ce_recordedtime ?? headers.ce_time
  if (parts === null || sequence === null || headers.ce_tenantid === undefined || time === undefined) {
    throw new Error(`The state record at ${partition}/${offset} lacks its key or a header`)
  }
  const parsed = value === null ? null : stateValue[kind].safeParse(JSON.parse(value))
  if (parsed?.success === false) {
    throw new Error(`The state record at ${partition}/${offset}: ${z.prettifyError(parsed.error)}`)
  }
  // The schema that parsed the value is the one of this very kind.
  const change = { kind, id: parts.id, value: parsed === null ? null : parsed.data } as StateChange
  return {
    tenantId: headers.ce_tenantid,
    connectionId: parts.connectionId,
    sequence: BigInt(sequence[0]),
    time,
    change,
  }
}
