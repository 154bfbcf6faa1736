import type pico from 'picocolors'
import { describeEvent } from '../describe.ts'
import type { AccessEvent } from '../event.ts'
import type { AccessState } from '../view.ts'
import type { TailOptions } from './options.ts'

type Colors = ReturnType<typeof pico.createColors>

/** Whether an event is one of those that are asked for. `before` is the state before it; it gives the names. */
export function isWanted(
  event: AccessEvent,
  before: AccessState,
  { tenant, connection, kind, user }: Pick<TailOptions, 'tenant' | 'connection' | 'kind' | 'user'>,
): boolean {
  if (tenant !== undefined && event.tenantId !== tenant) return false
  if (connection !== undefined && event.connectionId !== connection) return false
  if (kind !== undefined && event.name !== kind && !event.name.startsWith(`${kind}.`)) return false
  return user === undefined || isAbout(event, before, user.toLowerCase())
}

function isAbout(event: AccessEvent, before: AccessState, text: string): boolean {
  if (!event.subject.startsWith('user:')) return false
  const id = event.subject.split('|')[0] ?? ''
  const known = before.serviceUsers.get(id)
  const told = event.name === 'service-user.created' ? event.data.serviceUser : undefined
  const name = (known ?? told)?.attributes.displayName ?? ''
  return id.toLowerCase().includes(text) || name.toLowerCase().includes(text)
}

/** One line for people. */
export function toLine(event: AccessEvent, before: AccessState, colors: Colors): string {
  const { connection } = event.data
  const where = `${event.tenantId}/${connection.uniqueIdentifier}`
  const number = `#${event.sequence}`
  return [
    colors.dim(event.recordedTime ?? event.time),
    colors.cyan(where),
    colors.dim(number),
    colorOf(event, colors)(describeEvent(event, before)),
  ].join('  ')
}

/** What somebody gets is green, what somebody loses is red; what needs a look is yellow. */
function colorOf({ name, data }: AccessEvent, colors: Colors): (text: string) => string {
  if (/\.(granted|added)$/.test(name)) return colors.green
  if (/\.(revoked|removed)$/.test(name)) return colors.red
  if ('direction' in data) return data.direction === 'raised' ? colors.green : colors.red
  if (/(failed|held|degraded|unobservable|withheld)$/.test(name)) return colors.yellow
  return (text) => text
}

/** A line of JSON with all that came. */
export function toJsonLine(event: AccessEvent): string {
  const { sequence, ...rest } = event
  return JSON.stringify({ sequence: Number(sequence), ...rest })
}
