import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import { gone } from '../http/gone.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Workspace } from '../world/types.ts'
import { links, toWorkspaceBase } from './shapes.ts'

/** The workspace itself, and which ones the caller sees. */
export const workspaceEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}',
    scopes: [],
    tokenScopes: ['read:workspace'],
    accessTokens: true,
    answer: (call) => toWhole(call.workspace, call.base),
  },
  {
    path: '/2.0/workspaces',
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    answer(call) {
      if (call.era !== 'legacy') throw gone()
      return toPage(call, visibleWorkspaces(call), (workspace) => toWhole(workspace, call.base))
    },
  },
  {
    path: '/2.0/user/workspaces',
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    answer(call) {
      const wanted = call.url.searchParams.get('administrator')
      if (wanted !== null && wanted !== 'true' && wanted !== 'false') throw new ApiError(400, 'Invalid administrator')
      const rows = visibleWorkspaces(call).filter(
        (workspace) => wanted === null || String(call.caller.administers(workspace)) === wanted,
      )
      const sort = call.url.searchParams.get('sort')
      if (sort !== null && sort !== 'slug' && sort !== '-slug')
        throw new ApiError(400, `Invalid field for sort: ${sort}`)
      if (sort !== null) rows.sort((a, b) => (a.slug < b.slug === (sort === 'slug') ? -1 : 1))
      return toPage(call, rows, (workspace) => ({
        type: 'workspace_access',
        administrator: call.caller.administers(workspace),
        workspace: toWorkspaceBase(workspace, call.base),
      }))
    },
  },
]

/** The workspaces that the caller's credential belongs to. */
export function visibleWorkspaces({ caller, world }: Call): Workspace[] {
  // Whom a consumer or a token belongs to is known; a person may be in several.
  if (caller.kind !== 'user') return caller.workspace === null ? [] : [caller.workspace]
  return [...world.workspaces.values()].filter((workspace) => caller.sees(workspace))
}

function toWhole({ uuid, slug, name, createdOn }: Workspace, base: string): JsonObject {
  const self = `/2.0/workspaces/${slug}`
  return {
    type: 'workspace',
    uuid,
    slug,
    name,
    is_private: true,
    is_privacy_enforced: false,
    forking_mode: 'allow_forks',
    created_on: createdOn,
    updated_on: createdOn,
    links: links(base, {
      self,
      html: `/${slug}/`,
      avatar: `/workspaces/${slug}/avatar/`,
      members: `${self}/members`,
      owners: `${self}/members?q=permission%3D%22owner%22`,
      projects: `${self}/projects`,
      repositories: `/2.0/repositories/${slug}`,
      snippets: `/2.0/snippets/${slug}`,
    }),
  }
}
