import { Secret } from '@clarity/shared/runtime/secret'
import { type PreflightOptions, runPreflight } from '../preflight.ts'
import { requiredScopes } from '../scopes.ts'
import { type Handler, json, startTestServer } from './server.ts'

export const uuid = '{00000000-0000-4000-8000-000000000001}'
export const ws = `/2.0/workspaces/${encodeURIComponent(uuid)}`
export const repository = `/2.0/repositories/${encodeURIComponent(uuid)}/${encodeURIComponent('{r}')}`
export const page = (size: number, ...values: object[]) => json(200, { values, size, next: 'https://api.test/next' })
export const empty = json(200, { values: [], size: 0 })
export const user = { permission: 'read', user: { uuid: '{u}' } }
export const group = { permission: 'read', group: { slug: 'devs', name: 'Devs' } }
export const role = `/2.0/user/workspaces/${encodeURIComponent(uuid)}/permission`
export const token = (...scopes: string[]) =>
  json(200, { access_token: 'token', expires_in: 7200, scopes: scopes.join(' ') })
export const allScopes = token(...Object.keys(requiredScopes))
export const forbidden = json(403, { error: { message: 'You are no administrator' } })

/** A workspace that may be read whole, by path. */
const readable: Readonly<Record<string, Handler>> = {
  '/2.0/workspaces/acme': json(200, { uuid, slug: 'acme', name: 'Acme' }),
  [role]: json(200, { permission: 'owner' }),
  [`${ws}/permissions`]: page(2_000, user),
  '/1.0/groups/acme': json(200, [{ slug: 'devs', name: 'Devs', members: [] }]),
  [`${ws}/projects`]: page(200, { uuid: '{p}', key: 'ONE', name: 'One' }),
  [`/2.0/repositories/${encodeURIComponent(uuid)}`]: page(5_000, { uuid: '{r}', slug: 'r', name: 'R' }),
  [`${ws}/projects/ONE/permissions-config/users`]: page(3, user),
  [`${ws}/projects/ONE/permissions-config/groups`]: page(3, group),
  [`${repository}/permissions-config/users`]: empty,
  [`${repository}/permissions-config/groups`]: page(3, group),
}

export const clock = { now: () => Date.parse('2026-11-23T10:00:00Z') }

/** Runs a preflight of the workspace `acme`, whose answers are `readable` where they are not changed. */
export async function preflight(
  changed: Readonly<Record<string, Handler>> = {},
  tokenAnswer = allScopes,
  options: Partial<PreflightOptions> = {},
) {
  const answers = { ...readable, ...changed }
  const handle: Handler = (request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const answer = answers[path] ?? json(404, { error: { message: 'no such thing' } })
    answer(request, response)
  }
  const { credentialIds = ['the-key'] } = options
  const [credential, ...others] = credentialIds.map((id) => ({
    ...{ kind: 'oauth-consumer' as const, id, key: id },
    secret: new Secret('the-secret'),
  }))
  if (credential === undefined) throw new Error('a preflight needs a credential')
  await using server = await startTestServer(handle, tokenAnswer, { credentials: [credential, ...others] })
  const report = await runPreflight(server.client, 'acme', { credentialIds, clock, ...options })
  return { report, calls: server.calls }
}
