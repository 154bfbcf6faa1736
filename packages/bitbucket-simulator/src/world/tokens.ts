import { z } from 'zod'
import { tokenOf } from './names.ts'
import type { Workspace, World } from './types.ts'

/** The scopes of an API token that reads all that the connector needs. */
export const readerTokenScopes = ['workspace', 'user', 'project', 'repository', 'permission'].map(
  (what) => `read:${what}:bitbucket`,
)

const TokenScopes = z.array(z.string().regex(/^[a-z-]+:[a-z-]+:bitbucket$/, 'is not a scope of API tokens'))
const OAuthScopes = z.array(z.string().regex(/^[a-z]+(:[a-z]+)?$/, 'is not a scope'))

/** A user's API token to be made. */
export const NewApiToken = z.strictObject({
  userUuid: z.string(),
  scopes: TokenScopes.default(readerTokenScopes),
  lifeSeconds: z.int().min(1).max(31_536_000).optional(),
})
export type NewApiToken = z.infer<typeof NewApiToken>

/** An access token to be made: of the workspace, or of the project or repository of that uuid. */
export const NewAccessToken = z.strictObject({
  resourceUuid: z.string().nullable().default(null),
  scopes: OAuthScopes.default(['account', 'project', 'repository']),
})
export type NewAccessToken = z.infer<typeof NewAccessToken>

/** A token of a user of the workspace, as `{id, email, token}`; undefined when there is no such user. */
export function addApiToken(world: World, workspace: Workspace, wanted: NewApiToken, nowMs: number) {
  const { userUuid, scopes, lifeSeconds } = wanted
  const user = workspace.users.get(userUuid)
  if (user === undefined) return undefined
  const id = `api-token-${world.apiTokens.size + 1}`
  const token = `ATATT${tokenOf(80, workspace.uuid, id)}`
  const expiresAtMs = lifeSeconds === undefined ? null : nowMs + lifeSeconds * 1000
  world.apiTokens.set(token, { id, workspace, userUuid, scopes, expiresAtMs })
  return { id, email: user.email, token }
}

/** An access token, as `{id, token}`; undefined when the workspace has no such project or repository. */
export function addAccessToken(world: World, workspace: Workspace, { resourceUuid, scopes }: NewAccessToken) {
  const exists = (uuid: string) => workspace.projects.has(uuid) || workspace.repositories.has(uuid)
  if (resourceUuid !== null && !exists(resourceUuid)) return undefined
  const id = `access-token-${world.accessTokens.size + 1}`
  const token = `ATCTT${tokenOf(80, workspace.uuid, id)}`
  world.accessTokens.set(token, { id, workspace, resourceUuid, scopes })
  return { id, token }
}
