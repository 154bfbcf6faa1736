import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

export interface SecurityOptions {
  /** Whose pages may call the API from a browser; usually nobody's. */
  readonly corsOrigins: readonly string[]
}

/** Unless they are named, a page of another origin may only read and post. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
/** Fields that a page of another origin may read of an answer. */
const exposedHeaders = [
  'content-disposition',
  'data-coverage',
  'data-observed-at',
  'data-sequence',
  'deprecation',
  'etag',
  'idempotency-replayed',
  'link',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'sunset',
  'x-request-id',
]

/**
 * The headers that keep a browser from doing more with an answer than it should: nothing is framed, sniffed or loaded from
 * elsewhere. Answers to those who had to say who they are stay out of caches.
 */
export async function addSecurity(app: FastifyInstance, { corsOrigins }: SecurityOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  if (corsOrigins.length > 0) await app.register(cors, { origin: [...corsOrigins], methods, exposedHeaders })
  app.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.config?.public !== true && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store')
    }
  })
}
