import { fastify } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { addDeprecation } from './plugins/deprecation.ts'
import { addOpenApi } from './plugins/openapi.ts'
import { addRoutes, type RouteOptions } from './routes/add-routes.ts'

/** The OpenAPI document that `GET /openapi.json` answers, of the routes alone: it asks no Redis and listens to nobody. */
export async function describeApi(): Promise<object> {
  const app = fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  addDeprecation(app)
  await addOpenApi(app)
  await addRoutes(app, neverAsked())
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}

/** Routes ask only when they answer a request. Here none comes; a route that asked all the same would find nothing to call. */
function neverAsked(): RouteOptions {
  const nothing = {}
  return new Proxy<RouteOptions>(Object.create(null), { get: () => nothing })
}
