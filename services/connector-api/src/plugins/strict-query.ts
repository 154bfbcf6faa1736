import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

/**
 * A parameter of the query that an operation does not know is refused: with a filter passed over for a slip of the pen, the answer would
 * tell of more than was asked about, and look as if it did not.
 */
export function addStrictQuery(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.public === true) return
    const query = route.schema?.querystring ?? z.object({})
    if (query instanceof z.ZodObject) route.schema = { ...route.schema, querystring: query.strict() }
  })
}
