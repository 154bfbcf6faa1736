import { ConnectionId } from '@clarity/shared/contract/ids'
import { CreatedWebhook, Webhook } from '@clarity/shared/contract/webhooks'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import type { WebhookService } from '../webhooks/webhook-service.ts'

const params = z.object({ id: ConnectionId })
const config = { scope: 'connections:write' } as const
/** Bitbucket sends none that is larger than 256 KB (api.md, section 10). */
const bodyBytesMax = 512 * 1024
const makeText =
  'Answers the address, the events and the secret that an administrator enters at the workspace in Bitbucket. Whatever is ' +
  'there already gets a new secret at once.'

export function webhookRoutes(service: WebhookService): FastifyPluginAsyncZod {
  return async (app) => {
    app.put(
      '/v1/connections/:id/webhook',
      {
        config,
        schema: {
          ...operation('webhooks', 'configureWebhook', 'Make the webhook; its secret is shown this once', makeText),
          params,
          response: { 200: CreatedWebhook },
        },
      },
      async (request) => service.configure(requestedBy(request), request.tenantId, request.params.id),
    )

    app.get(
      '/v1/connections/:id/webhook',
      {
        config: { scope: 'connections:read' },
        schema: {
          ...operation('webhooks', 'getWebhook', 'The webhook, without its secret'),
          params,
          response: { 200: Webhook },
        },
      },
      async ({ tenantId, params: { id } }) => service.read(tenantId, id),
    )

    app.delete(
      '/v1/connections/:id/webhook',
      {
        config,
        schema: {
          ...operation('webhooks', 'removeWebhook', 'Believe nothing any more that is delivered'),
          params,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        await service.remove(requestedBy(request), request.tenantId, request.params.id)
        return reply.code(204).send()
      },
    )
  }
}

/** Where Bitbucket delivers. What is signed is the body to the letter, so it comes as it is. */
export function webhookDeliveryRoutes(service: WebhookService): FastifyPluginAsyncZod {
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    app.post(
      '/v1/webhooks/bitbucket/:id',
      { config: { public: true, limited: true }, bodyLimit: bodyBytesMax, schema: { params } },
      async (request, reply) => {
        const { headers, body, id: requestId } = request
        const text = (name: string) => {
          const value = headers[name]
          return typeof value === 'string' ? value.slice(0, 200) : ''
        }
        const delivered = await service.deliver(request.params.id, {
          body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
          signature: text('x-hub-signature'),
          eventKey: text('x-event-key'),
          requestUuid: text('x-request-uuid'),
          requestId,
        })
        return reply.code(202).send(delivered)
      },
    )
  }
}
