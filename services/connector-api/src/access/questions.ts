import type { Asked, AsOf, Page } from '@clarity/access-view'
import { Instant } from '@clarity/shared/contract/entities'
import type { ConnectionId, TenantId } from '@clarity/shared/contract/ids'
import type { Clock } from '@clarity/shared/runtime/clock'
import { InputError } from '@clarity/shared/runtime/errors'
import { z } from 'zod'
import type { FindConnection } from '../connections/find-connection.ts'
import { type AccessGateway, whenKnown } from './access-gateway.ts'

/** A time that can be asked about: PostgreSQL knows no year 0. */
export const Moment = Instant.refine((instant) => !instant.startsWith('0000'), 'is before the year 1')

/** What every question about access may say: as of when, and what it must include. */
export const AsOfQuery = z.object({
  asOf: Moment.optional().describe('As it was known at this time; left out: as it is known now'),
  atSequence: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('As it was after this event'),
  waitFor: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Number of an event that the answer must include; it is waited for, five seconds at most'),
})
export type AsOfQuery = z.infer<typeof AsOfQuery>

/** A filter that is `true` or `false`. */
export const Flag = z.enum(['true', 'false']).transform((text) => text === 'true')

const waitMs = 5_000
/** The clock of a caller may be so far ahead of ours. */
const aheadMs = 60_000

export interface QuestionOptions {
  readonly find: FindConnection
  readonly gateway: AccessGateway
  readonly clock: Clock
}

/** Whose access is asked about, and how. */
export interface Question {
  readonly tenantId: TenantId
  readonly connectionId: ConnectionId
  readonly query: AsOfQuery
}

/**
 * Asks the view about a connection of the tenant; another tenant's is as if it did not exist.
 * @throws InputError 404, 422, DependencyError while the view does not know it
 */
export async function ask<Answer>(
  { find, gateway, clock }: QuestionOptions,
  { tenantId, connectionId, query }: Question,
  question: (view: ReturnType<AccessGateway['view']>, asked: Asked) => Promise<Answer>,
): Promise<Answer> {
  await find(tenantId, connectionId)
  const view = gateway.view()
  const asOf = asOfOf(query)
  refuseFuture(clock, { asOf: query.asOf })
  const asked = { tenantId, connectionId, ...(asOf && { asOf }) }
  try {
    if (query.waitFor !== undefined && !(await view.waitFor(asked, query.waitFor, { timeoutMs: waitMs }))) {
      throw notIncluded(query.waitFor)
    }
    return await question(view, asked)
  } catch (error) {
    return whenKnown(error)
  }
}

/** Nobody knows who will have which access. @throws InputError 422 for a time to come, named by its field */
export function refuseFuture(clock: Clock, times: Readonly<Record<string, string | undefined>>): void {
  const mistakes = Object.entries(times).flatMap(([field, time]) =>
    time !== undefined && Date.parse(time) > clock.now() + aheadMs
      ? [{ field, message: 'is to come', remedy: 'Ask about a time that has passed.' }]
      : [],
  )
  if (mistakes.length === 0) return
  throw new InputError('time-not-kept', 'Who will have which access is not known', {
    remedy: 'Ask about a time that has passed; leave it out to ask about now.',
    mistakes,
  })
}

/** All pages of a list, as of one moment. */
export async function* allPages<Item>(ask: (cursor: string | undefined) => Promise<Page<Item>>) {
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await ask(cursor)
    yield items
    if (next === null) return
    cursor = next
  }
}

function asOfOf({ asOf, atSequence }: AsOfQuery): AsOf | null {
  if (asOf !== undefined && atSequence !== undefined) throw twoMoments()
  if (atSequence !== undefined) return { sequence: atSequence }
  return asOf === undefined ? null : { time: asOf }
}

function twoMoments(): InputError {
  const message = 'is given beside atSequence'
  const remedy = 'Give one of asOf and atSequence.'
  return new InputError('invalid-request', `asOf ${message}`, {
    remedy,
    mistakes: [{ field: 'asOf', message, remedy }],
  })
}

function notIncluded(sequence: number): InputError {
  const message = `The event ${sequence} has not come within ${waitMs / 1_000} s`
  const remedy = 'Ask again; if it stays away, see whether such an event was told, and GET /readyz.'
  return new InputError('not-included-yet', message, { remedy, mistakes: [{ field: 'waitFor', message, remedy }] })
}
