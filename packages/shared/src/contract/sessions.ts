import { z } from 'zod'
import { CallerScope, Name, TenantScopes, tenantScopes } from './callers.ts'
import { Instant } from './entities.ts'
import { TenantId } from './ids.ts'

/** How a person is let in who uses the API from a browser. */

/** Longer ones would not fit into a cookie. */
const keyLengthMax = 3_000

const Key = z
  .string()
  .trim()
  .min(1, 'is empty')
  .max(keyLengthMax, `is longer than ${keyLengthMax} characters`)
  .regex(/^\S+$/, 'has blanks in it: it looks as if more than the key was copied')

/** What a browser sends to be let in. */
export const NewSession = z
  .strictObject({
    key: Key.optional().describe('An API key of the tenant, or a token of the issuer'),
    signInToken: z
      .string()
      .regex(/^[\w-]{43}$/, 'is not the token of a sign-in link: open the link as it was given to you')
      .optional()
      .describe('What stands behind "#token=" in a sign-in link; it works once'),
  })
  .refine(({ key, signInToken }) => (key === undefined) !== (signInToken === undefined), {
    message: 'gives both or neither: give one of key and signInToken',
    path: ['key'],
  })
export type NewSession = z.infer<typeof NewSession>

/** Who is let in, and what for. */
export const SessionView = z.object({
  tenant: z.object({ id: TenantId, name: z.string() }).describe('Whose everything is that the caller sees'),
  caller: z.object({
    kind: z.string().describe('api-key, or token (of a person or service); an open set'),
    id: z.string().describe('By this the audit log names who did something; no secret'),
    name: z.string().nullable().describe('What the key is called; null: it has no name'),
  }),
  scopes: z.array(CallerScope).describe('What the caller may do'),
  expiresAt: Instant.nullable().describe('From then on the caller is refused; null: never'),
})
export type SessionView = z.infer<typeof SessionView>

/** What an operator sends to let somebody of a tenant in. */
export const NewSignInLink = z.strictObject({
  name: Name.default('Sign-in link').describe(
    'Who it is for; what is done by it stands in the audit log under this name',
  ),
  scopes: TenantScopes.default([...tenantScopes]).describe('What whoever opens it may do'),
  expiresInMinutes: z.int().min(1).max(1_440).default(15).describe('For how long the link can be opened'),
  sessionHours: z.int().min(1).max(24).default(12).describe('For how long whoever has opened it is let in'),
})
export type NewSignInLink = z.infer<typeof NewSignInLink>

export const SignInLink = z.object({
  url: z.string().describe('Where to sign in, shown this once. Whoever opens it first is let in, nobody after that'),
  expiresAt: Instant.describe('Until then it can be opened'),
})
export type SignInLink = z.infer<typeof SignInLink>
