import type { FastifyInstance } from 'fastify'
import type { SimulatorContext } from '../context.ts'
import { parseBasic } from '../credentials/authentication.ts'
import { type Answer, toJsonAnswer } from '../http/answer.ts'
import { serve, tokenRoute } from '../http/serve.ts'
import { findConsumer } from '../world/consumers.ts'
import type { Consumer } from '../world/types.ts'

interface TokenError {
  readonly error: string
  readonly error_description: string
}

/**
 * `POST /site/oauth2/access_token` for the client_credentials grant. Since May 2026 there is no refresh token, and the
 * field is `scope`. Errors are RFC 6749 bodies with status 400, also for wrong credentials.
 */
export function registerTokenEndpoint(app: FastifyInstance, context: SimulatorContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) => body)
  app.post(tokenRoute, (request, reply) => {
    const { name: key, password: secret } = readBasic(request.headers.authorization)
    const found = findConsumer(context.world, key)
    const consumer = found?.consumer.secret === secret ? found.consumer : undefined
    const grantType = new URLSearchParams(typeof request.body === 'string' ? request.body : '').get('grant_type')
    return serve(context, request, reply, {
      route: tokenRoute,
      identity: {
        endpoint: `POST ${tokenRoute}`,
        workspace: found?.workspace.slug ?? null,
        resources: [],
        page: 1,
        credential: found === undefined ? 'refused' : key,
      },
      make: () => answer(context, consumer, grantType),
    })
  })
}

function answer(context: SimulatorContext, consumer: Consumer | undefined, grantType: string | null): Answer {
  const error = checkGrant(consumer, grantType)
  if (error !== undefined || consumer === undefined) return toJsonAnswer(400, error)
  const { authentication, era } = context
  const scope = consumer.scopes.join(' ')
  const token = authentication.issue(consumer)
  return toJsonAnswer(200, {
    access_token: token,
    token_type: 'bearer',
    expires_in: authentication.lifeSeconds,
    scope,
    ...(era === 'legacy' ? { scopes: scope, state: 'client_credentials', refresh_token: token.slice(0, 18) } : {}),
  })
}

function checkGrant(consumer: Consumer | undefined, grantType: string | null): TokenError | undefined {
  if (consumer === undefined) {
    return { error: 'unauthorized_client', error_description: 'Invalid OAuth client credentials' }
  }
  if (grantType !== 'client_credentials') {
    return { error: 'invalid_grant', error_description: `Unsupported grant type: ${grantType}` }
  }
  if (!consumer.private) {
    const description = 'Cannot use client_credentials with a consumer marked as "public". Mark it as private.'
    return { error: 'invalid_grant', error_description: description }
  }
  if (consumer.callbackUrl === null) {
    return { error: 'invalid_request', error_description: 'No callback uri defined for the OAuth client.' }
  }
  return undefined
}

function readBasic(authorization: string | undefined) {
  return parseBasic(/^Basic +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '')
}
