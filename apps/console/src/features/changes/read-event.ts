import { eventData, eventNameOf, type NamedData } from '@clarity/shared/contract/events'
import type { ToldEvent } from '../../api/queries.ts'

/** What of an event its meaning follows from. */
export interface TellingEvent {
  readonly name: string
  readonly headers: Pick<ToldEvent['headers'], 'ce_type' | 'ce_subject'>
  readonly data?: unknown
}

/** An event whose name and form this page knows. */
export type KnownEvent = NamedData & { readonly subject: string }

const read = new WeakMap<TellingEvent, KnownEvent | null>()

/** The event by the contract; null: its type, or its form, is newer than this page. Each is read once. */
export function readEvent(told: TellingEvent): KnownEvent | null {
  const known = read.get(told)
  if (known !== undefined) return known
  const event = parse(told)
  read.set(told, event)
  return event
}

function parse({ headers, data }: TellingEvent): KnownEvent | null {
  const name = eventNameOf(headers.ce_type)
  if (name === null) return null
  const parsed = eventData[name].safeParse(data)
  // The schema that parsed the data is the one of this very name.
  return parsed.success ? ({ name, data: parsed.data, subject: headers.ce_subject } as KnownEvent) : null
}
