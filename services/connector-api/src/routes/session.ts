import { NewSession, SessionView } from '@clarity/shared/contract/sessions'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { toSessionCookie } from '../callers/session-cookie.ts'
import type { SignInService } from '../callers/sign-in-service.ts'
import { callerOf, requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'
import { refuseForeignPage } from '../plugins/own-origin.ts'

/** The session of a browser: its credential, in a cookie. */
export function sessionRoutes(signIn: SignInService, publicUrl: string): FastifyPluginAsyncZod {
  const setCookie = (credential: string, maxAgeSeconds: number | null) =>
    toSessionCookie(credential, { isSecure: publicUrl.startsWith('https:'), maxAgeSeconds })
  return async (app) => {
    app.post(
      '/v1/session',
      {
        // Nobody is known yet, so it is counted by address.
        config: { public: true, limited: true },
        schema: {
          ...operation('session', 'createSession', 'Sign in: the answer sets the cookie by which the browser is known'),
          body: NewSession,
          response: { 201: SessionView },
        },
        onRequest: async (request) => refuseForeignPage(request, publicUrl),
      },
      async (request, reply) => {
        const { key = '', signInToken } = request.body
        const asked = signInToken === undefined ? signIn.byKey(key) : signIn.byToken(signInToken, request.id)
        const { view, credential, maxAgeSeconds } = await asked
        const cookie = setCookie(credential, maxAgeSeconds)
        return reply.code(201).header('set-cookie', cookie).header('cache-control', 'no-store').send(view)
      },
    )

    app.get(
      '/v1/session',
      {
        config: { scope: 'any' },
        schema: {
          ...operation('session', 'getSession', 'Who is calling, and what they may do'),
          response: { 200: SessionView },
        },
      },
      async (request) => signIn.describe(callerOf(request)),
    )

    app.delete(
      '/v1/session',
      {
        config: { scope: 'any' },
        schema: {
          ...operation('session', 'endSession', 'Sign out; what a sign-in link has let in to is closed'),
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        await signIn.end(requestedBy(request), callerOf(request), request.tenantId)
        return reply.code(204).header('set-cookie', setCookie('', 0)).send()
      },
    )
  }
}
