import { AccessChange, ToldEvents } from '@clarity/shared/contract/access-answers'
import { ConnectionId } from '@clarity/shared/contract/ids'
import { InputError } from '@clarity/shared/runtime/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ask, Flag, Moment, refuseFuture } from '../../access/questions.ts'
import { operation } from '../../plugins/openapi.ts'
import { PageQuery, pageOf } from '../pages.ts'
import type { AccessRouteOptions } from './list-route.ts'

const params = z.object({ id: ConnectionId })
const config = { scope: 'access:read' } as const
const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const waitSecondsMax = 25

const changesText =
  'The events of the connection as Kafka has them, in order and without gaps. Give `next` of an answer as `after` of the next ' +
  'request; with `wait` it is held open until something comes.'

const filters = {
  name: z.string().min(1).max(100).optional().describe('Beginning of the name, such as service-user-entitlement.'),
  serviceUserId: z.string().min(1).max(500).optional(),
  resource: z.string().min(1).max(500).optional(),
  syncId: z.string().min(1).max(100).optional(),
  privileged: Flag.optional().describe('Whether it is about something that administers its resource'),
} as const

/** The changes: one by one for whoever does not read Kafka, as a feed, and as the difference of two moments. */
export function changeRoutes(options: AccessRouteOptions): FastifyPluginAsyncZod {
  return async (app) => {
    const closing = new AbortController()
    app.addHook('preClose', async () => closing.abort(new Error('the service stops')))

    app.get(
      '/v1/connections/:id/changes',
      {
        config,
        schema: {
          ...operation('stream', 'listChanges', 'The events after a number, as Kafka has them', changesText),
          params,
          querystring: z.object({
            after: number.default(0).describe('Number of the last event that you have; 0: from the first one'),
            limit: PageQuery.shape.limit,
            wait: z.coerce
              .number()
              .int()
              .min(0)
              .max(waitSecondsMax, `is more than ${waitSecondsMax}`)
              .default(0)
              .describe('Seconds to wait for an event when there is none yet'),
          }),
          response: { 200: ToldEvents },
        },
      },
      async ({ tenantId, params: { id: connectionId }, query: { after, limit, wait } }, reply) => {
        const whose = { tenantId, connectionId }
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort(new Error('the caller is gone')))
        const signal = AbortSignal.any([gone.signal, closing.signal])
        const found = await ask(options, { ...whose, query: {} }, async (view, asked) => {
          const first = await view.events({ ...asked, after, limit })
          if (first.items.length > 0 || wait === 0) return first
          // Whoever goes away, or a service that stops, gets what there is: nothing.
          const isThere = view.waitFor(whose, after + 1, { timeoutMs: wait * 1_000, signal }).catch(() => false)
          return (await isThere) ? view.events({ ...asked, after, limit }) : first
        })
        if (found.oldest !== null && after + 1 < found.oldest) throw notKept(found.oldest)
        if (after > found.sequence) throw ahead(after, found.sequence)
        reply.header('data-sequence', String(found.sequence))
        const { items, sequence: last, more } = found
        return { items: [...items], next: items.at(-1)?.sequence ?? after, last, more }
      },
    )

    app.get(
      '/v1/connections/:id/feed',
      {
        config,
        schema: {
          ...operation('stream', 'listFeed', 'The latest events first, filtered'),
          params,
          querystring: z.object({
            ...filters,
            before: number.optional().describe('Only events before this number: `next` of the page before'),
            after: number.optional().describe('Only events after this number'),
            limit: PageQuery.shape.limit,
          }),
          response: { 200: ToldEvents },
        },
      },
      async ({ tenantId, params: { id: connectionId }, query }, reply) => {
        const found = await ask(options, { tenantId, connectionId, query: {} }, (view, asked) =>
          view.events({ ...asked, ...query, order: 'newest-first' }),
        )
        reply.header('data-sequence', String(found.sequence))
        const { items, sequence: last, more } = found
        return { items: [...items], next: items.at(-1)?.sequence ?? query.before ?? 0, last, more }
      },
    )

    app.get(
      '/v1/connections/:id/differences',
      {
        config,
        schema: {
          ...operation('access', 'listDifferences', 'What is held at one time and not at another'),
          params,
          querystring: z.object({
            ...PageQuery.shape,
            from: Moment.describe('The earlier time'),
            to: Moment.optional().describe('The later one; left out: now'),
            serviceUserId: filters.serviceUserId,
            resource: filters.resource,
          }),
          response: { 200: pageOf(AccessChange).extend({ sequence: z.int() }) },
        },
      },
      async ({ tenantId, params: { id: connectionId }, query }, reply) => {
        const { from, to, limit, cursor, serviceUserId, resource } = query
        refuseFuture(options.clock, { from, to })
        const found = await ask(options, { tenantId, connectionId, query: {} }, (view) =>
          view.changesBetween({
            ...{ tenantId, connectionId, limit, cursor, from: { time: from } },
            ...(to !== undefined && { to: { time: to } }),
            ...(serviceUserId !== undefined && { serviceUserId }),
            ...(resource !== undefined && { resource }),
          }),
        )
        await options.freshness.add(reply, { tenantId, connectionId }, found.to)
        return { items: [...found.items], next: found.next, sequence: found.to.sequence }
      },
    )
  }
}

function notKept(oldest: number): InputError {
  const message = `is before the oldest event that is kept, ${oldest}`
  const remedy =
    'Begin with what is there now (service users, entitlements, grants, nestings), then go on after its sequence.'
  return new InputError('sequence-not-kept', `after ${message}`, {
    remedy,
    mistakes: [{ field: 'after', message, remedy }],
  })
}

function ahead(after: number, last: number): InputError {
  const message = `is ${after}, but the last event that is there is ${last}`
  const remedy = 'Ask after an event that you have got.'
  return new InputError('not-included-yet', `after ${message}`, {
    remedy,
    mistakes: [{ field: 'after', message, remedy }],
  })
}
