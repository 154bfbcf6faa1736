import { InputError } from '@clarity/shared/runtime/errors'
import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A public route of which each address is given no more than a caller. */
    limited?: boolean
  }
}

export interface RateLimitOptions {
  readonly redis: RateLimitPluginOptions['redis']
  /** Begins the names of the keys. */
  readonly nameSpace: string
  readonly requestsPerMinute: number
}

const windowMs = 60_000

/**
 * So many requests a minute for each caller, counted in Redis by all processes together. Every answer says by the fields
 * `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) where the caller stands; one that is refused also by `Retry-After`.
 */
export async function addRateLimit(app: FastifyInstance, options: RateLimitOptions): Promise<void> {
  await app.register(rateLimit, {
    redis: options.redis,
    nameSpace: options.nameSpace,
    max: options.requestsPerMinute,
    timeWindow: windowMs,
    enableDraftSpec: true,
    // Who calls is known by then: a hook of a route runs after those of the whole application.
    hook: 'onRequest',
    keyGenerator: ({ caller, ip }) => (caller === null ? `ip:${ip}` : `${caller.kind}:${caller.tenantId}:${caller.id}`),
    allowList: ({ routeOptions: { config } }) => config.public === true && config.limited !== true,
    errorResponseBuilder: (_request, { ttl, max }) => tooManyRequests(max, Math.ceil(ttl / 1_000)),
  })
}

function tooManyRequests(max: number, seconds: number): InputError {
  return new InputError('too-many-requests', `More than ${max} requests within a minute`, {
    remedy: `Wait ${seconds} s, as Retry-After says.`,
  })
}
