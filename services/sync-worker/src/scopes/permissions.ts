import {
  type BitbucketClient,
  listProjectGroupPermissions,
  listProjectUserPermissions,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
} from '@clarity/bitbucket'
import type { ResourceId } from '@clarity/shared/contract/ids'
import { bareUuid } from '@clarity/shared/contract/ids'
import { InvariantError } from '@clarity/shared/runtime/errors'
import { levelsToldAnyway } from '../core/entitlements.ts'
import { ReadingBuilder, type ScopeOutcome, type Told } from './reading.ts'
import type { ListedResource } from './resources.ts'

/**
 * Reads who holds what directly on one project or repository: the users and the groups, one listing each. Both or
 * neither, so that which of its levels are in use is known within the scope.
 */
export async function readPermissions(
  client: BitbucketClient,
  workspaceSlug: string,
  { scopeId, resource }: ListedResource,
  { publishLevels, leftOut, signal }: Told & { readonly signal: AbortSignal },
): Promise<ScopeOutcome> {
  const listings =
    resource.kind === 'project'
      ? ofProject(client, workspaceSlug, resource, signal)
      : ofRepository(client, workspaceSlug, resource, signal)
  const users = await listings.users()
  if (users.state === 'incomplete') return users
  const groups = await listings.groups()
  if (groups.state === 'incomplete') return groups
  const builder = new ReadingBuilder(leftOut)
  for (const { user, permission } of users.rows) builder.addUser(user, listings.id, permission)
  for (const { group, permission } of groups.rows) builder.addGroup(group, listings.id, permission)
  return { state: 'complete', reading: builder.build(resource, levelsToldAnyway(scopeId, publishLevels)), list: null }
}

interface Listings {
  readonly id: ResourceId
  users(): ReturnType<typeof listRepositoryUserPermissions>
  groups(): ReturnType<typeof listRepositoryGroupPermissions>
}

type Named = ListedResource['resource']

function ofProject(client: BitbucketClient, workspace: string, { uuid, key }: Named, signal: AbortSignal): Listings {
  // Bitbucket addresses a project by its key alone.
  if (key === undefined) throw new InvariantError('A listed project has no key', { uuid })
  return {
    id: `project:${bareUuid(uuid)}`,
    users: () => listProjectUserPermissions(client, workspace, key, signal),
    groups: () => listProjectGroupPermissions(client, workspace, key, signal),
  }
}

function ofRepository(client: BitbucketClient, workspace: string, { uuid }: Named, signal: AbortSignal): Listings {
  // By uuid, which survives a rename between the listing and this call.
  return {
    id: `repository:${bareUuid(uuid)}`,
    users: () => listRepositoryUserPermissions(client, workspace, uuid, signal),
    groups: () => listRepositoryGroupPermissions(client, workspace, uuid, signal),
  }
}
