import type { FastifyInstance } from 'fastify'
import type { Tokens } from '../http/tokens.ts'
import type { RequestCounter } from '../requests.ts'
import { findConsumer } from '../world/consumers.ts'
import type { Consumer, World } from '../world/types.ts'

interface TokenError {
  readonly error: string
  readonly error_description: string
}

/**
 * `POST /site/oauth2/access_token` for the client_credentials grant as it is since May 2026: no refresh token,
 * and the field is `scope`. Errors are RFC 6749 bodies with status 400, also for wrong credentials.
 */
export function registerTokenEndpoint(
  app: FastifyInstance,
  world: World,
  tokens: Tokens,
  requests: RequestCounter,
): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) => body)
  app.post('/site/oauth2/access_token', async (request, reply) => {
    const { key, secret } = parseBasic(request.headers.authorization)
    const found = findConsumer(world, key)
    requests.countToken(found?.workspace.slug)
    const consumer = found?.consumer.secret === secret ? found.consumer : undefined
    const grantType = new URLSearchParams(typeof request.body === 'string' ? request.body : '').get('grant_type')
    const error = checkGrant(consumer, grantType)
    if (error !== undefined || consumer === undefined) return reply.status(400).send(error)
    return {
      access_token: tokens.issue(consumer),
      token_type: 'bearer',
      expires_in: tokens.lifeSeconds,
      scope: consumer.scopes.join(' '),
    }
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

function parseBasic(authorization: string | undefined): { key: string; secret: string } {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  const [key = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
  return { key, secret: rest.join(':') }
}
