import type { FastifyInstance } from 'fastify'

/** An operation that is going: since when one should use another, and from when on it is no more. */
export interface Deprecated {
  /** As ISO 8601. */
  readonly since: string
  readonly sunset: string
  /** What to use instead, with the names of the route's parameters in braces as in the OpenAPI document. */
  readonly successor: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    deprecated?: Deprecated
  }
}

/** Says so by `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to what takes its place, and in the OpenAPI document. */
export function addDeprecation(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.deprecated !== undefined) route.schema = { ...route.schema, deprecated: true }
  })
  app.addHook('onSend', async (request, reply) => {
    const { deprecated } = request.routeOptions.config ?? {}
    if (deprecated === undefined) return
    reply.header('deprecation', `@${Date.parse(deprecated.since) / 1_000}`)
    reply.header('sunset', new Date(deprecated.sunset).toUTCString())
    reply.header('link', `<${fill(deprecated.successor, request.params)}>; rel="successor-version"`)
  })
}

function fill(template: string, params: unknown): string {
  const given = Object(params) as Readonly<Record<string, unknown>>
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])))
}
