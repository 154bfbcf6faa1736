import { TenantId } from '@clarity/shared/contract/ids'
import { NewSignInLink, SignInLink } from '@clarity/shared/contract/sessions'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { KeyService } from '../callers/key-service.ts'
import type { SignInService } from '../callers/sign-in-service.ts'
import { requestedBy } from '../plugins/auth.ts'
import { operation } from '../plugins/openapi.ts'

/** How an operator lets people of a tenant in. */
export function signInLinkRoutes(
  keys: Pick<KeyService, 'readTenant'>,
  signIn: SignInService,
  publicUrl: string,
): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/tenants/:tenantId/sign-in-links',
      {
        config: { scope: 'operator' },
        schema: {
          ...operation('tenants', 'createSignInLink', 'Make a link that lets somebody in once; it is shown this once'),
          params: z.object({ tenantId: TenantId }),
          body: z.preprocess((body) => body ?? {}, NewSignInLink),
          response: { 201: SignInLink },
        },
      },
      async (request, reply) => {
        const { id } = await keys.readTenant(request.params.tenantId)
        const { token, expiresAt } = await signIn.createLink(requestedBy(request), id, request.body)
        // What is behind the # is told to no server, so it is in no log of one.
        const url = `${publicUrl || originOf(request)}/sign-in#token=${token}`
        return reply.code(201).header('cache-control', 'no-store').send({ url, expiresAt })
      },
    )
  }
}

/** As the request names us. */
function originOf({ protocol, host }: FastifyRequest): string {
  return host === '' ? '' : `${protocol}://${host}`
}
