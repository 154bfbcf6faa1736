import type { FastifyRequest } from 'fastify'

/** A request of a machine that looks after us, or for our documentation; a delivery of a webhook, also without a key, is none. */
export function isProbe({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.public === true && config.limited !== true
}
