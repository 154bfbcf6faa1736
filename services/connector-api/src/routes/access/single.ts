import {
  AccessCounts,
  AccessCoverage,
  HeldEntitlement,
  KnownAccess,
  KnownServiceUser,
} from '@clarity/shared/contract/access-answers'
import { Resource } from '@clarity/shared/contract/entities'
import { ConnectionId } from '@clarity/shared/contract/ids'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AsOfQuery, ask } from '../../access/questions.ts'
import { scopesOfAccess } from '../../access/read-times.ts'
import { operation } from '../../plugins/openapi.ts'
import type { AccessRouteOptions } from './list-route.ts'

const params = z.object({ id: ConnectionId })
const config = { scope: 'access:read' } as const
const sequence = z.int().describe('The last event that the answer includes')
const explainText = 'Every way that leads the person there, which of them decide, and what each assignment is worth.'

/** Single answers about access. */
export function accessRoutes(options: AccessRouteOptions): FastifyPluginAsyncZod {
  const { freshness } = options
  return async (app) => {
    app.get(
      '/v1/connections/:id/service-users/:serviceUserId',
      {
        config,
        schema: {
          ...operation('access', 'getServiceUser', 'An account'),
          params: params.extend({ serviceUserId: z.string().max(500) }),
          querystring: AsOfQuery,
          response: { 200: KnownServiceUser.extend({ sequence }) },
        },
      },
      async ({ tenantId, params: { id: connectionId, serviceUserId }, query }, reply) => {
        const answer = await ask(options, { tenantId, connectionId, query }, (view, asked) =>
          view.serviceUser({ ...asked, serviceUserId }),
        )
        await freshness.add(reply, { tenantId, connectionId }, answer)
        return answer
      },
    )

    app.get(
      '/v1/connections/:id/entitlements/:entitlementId',
      {
        config,
        schema: {
          ...operation('access', 'getEntitlement', 'An entitlement, and how many hold it'),
          params: params.extend({ entitlementId: z.string().max(500) }),
          querystring: AsOfQuery,
          response: { 200: HeldEntitlement.extend({ sequence }) },
        },
      },
      async ({ tenantId, params: { id: connectionId, entitlementId }, query }, reply) => {
        const answer = await ask(options, { tenantId, connectionId, query }, (view, asked) =>
          view.entitlement({ ...asked, entitlementId }),
        )
        await freshness.add(reply, { tenantId, connectionId }, answer)
        return answer
      },
    )

    app.get(
      '/v1/connections/:id/explain',
      {
        config,
        schema: {
          ...operation(
            'access',
            'explainAccess',
            'Why a person can do something, or what keeps them from it',
            explainText,
          ),
          params,
          querystring: AsOfQuery.extend({
            serviceUserId: z
              .string()
              .regex(/^user:/, 'is no id of a service user')
              .max(500),
            resource: z
              .string()
              .regex(/^(project|repository):[^#]+$/, 'is no id of a project or repository')
              .max(500),
          }),
          response: {
            200: KnownAccess.extend({
              sequence,
              on: Resource.nullable().describe(
                'null: nothing is held on it by itself, so that the stream does not name it',
              ),
            }),
          },
        },
      },
      async ({ tenantId, params: { id: connectionId }, query }, reply) => {
        const { serviceUserId, resource } = query
        const answer = await ask(options, { tenantId, connectionId, query }, (view, asked) =>
          view.explain({ ...asked, serviceUserId, resource }),
        )
        await freshness.add(reply, { tenantId, connectionId }, answer)
        if (query.asOf !== undefined || query.atSequence !== undefined) return answer
        const [readAt = null] = await options.readTimes(connectionId, [scopesOfAccess(answer)])
        return { ...answer, readAt }
      },
    )

    app.get(
      '/v1/connections/:id/counts',
      {
        config,
        schema: {
          ...operation('access', 'getCounts', 'How many there are of everything'),
          params,
          querystring: AsOfQuery,
          response: { 200: AccessCounts.extend({ sequence }) },
        },
      },
      async ({ tenantId, params: { id: connectionId }, query }, reply) => {
        const answer = await ask(options, { tenantId, connectionId, query }, (view, asked) => view.counts(asked))
        await freshness.add(reply, { tenantId, connectionId }, answer)
        return answer
      },
    )

    app.get(
      '/v1/connections/:id/coverage',
      {
        config,
        schema: {
          ...operation('access', 'getCoverage', 'How fresh the answers are, and what they do not cover'),
          params,
          querystring: AsOfQuery,
          response: { 200: AccessCoverage },
        },
      },
      async ({ tenantId, params: { id: connectionId }, query }, reply) => {
        const whose = { tenantId, connectionId }
        const answer = await ask(options, { ...whose, query }, async (view, asked) => ({
          ...(await view.sequenceOf(whose)),
          ...(await view.coverage(asked)),
        }))
        await freshness.add(reply, whose, answer)
        return {
          ...answer,
          lastCompletedSyncId: answer.lastCompleted?.id ?? null,
          health: answer.health ?? { state: 'ok' as const },
          unobservable: [...answer.unobservable],
        }
      },
    )
  }
}
