import {
  type BitbucketClient,
  getMember,
  getProject,
  getProjectGroupPermission,
  getProjectUserPermission,
  getRepository,
  getRepositoryGroupPermission,
  getRepositoryUserPermission,
  listGroupMembers,
} from '@clarity/bitbucket'
import { InvariantError } from '@clarity/shared/runtime/errors'
import type { Holding } from '../core/facts.ts'
import type { ListedResource } from './resources.ts'

/**
 * A look at one holding from another side than the list that lacks it: by the id of who held it. True when Bitbucket says
 * that it is held still, at whatever level. @throws UpstreamError when it does not say
 */
export type Look = (holding: Holding) => Promise<boolean>

/** Looks at one holder's permission on a project or repository. */
export function permissionLook(
  client: BitbucketClient,
  workspace: string,
  { resource }: ListedResource,
  signal: AbortSignal,
): Look {
  return async ({ holder }) => {
    const [kind = '', id = ''] = splitHolder(holder)
    const found = await (resource.kind === 'project'
      ? ofProject(client, workspace, resource.key ?? '', kind, id, signal)
      : ofRepository(client, workspace, resource.uuid, kind, id, signal))
    return found !== null && found.permission !== 'none'
  }
}

/** Looks whether a project or a repository is there. @throws UpstreamError when Bitbucket does not say */
export async function resourceLook(
  client: BitbucketClient,
  workspace: string,
  { resource }: ListedResource,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await (resource.kind === 'project'
    ? getProject(client, workspace, resource.key ?? '', signal)
    : getRepository(client, workspace, resource.uuid, signal))
  // Another one may have its key by now.
  return found?.uuid === resource.uuid
}

/** Looks whether somebody is a member of the workspace. */
export function memberLook(client: BitbucketClient, workspace: string, signal: AbortSignal): Look {
  return async ({ holder }) => {
    const [, id = ''] = splitHolder(holder)
    return (await getMember(client, workspace, id, signal)) !== null
  }
}

/** Looks whether somebody is in a group, by the group's own list; one that is not found has nobody. */
export function groupLook(client: BitbucketClient, workspace: string, signal: AbortSignal): Look {
  return async ({ holder, resource }) => {
    const [, id = ''] = splitHolder(holder)
    const listing = await listGroupMembers(client, workspace, resource.slice('group:'.length), signal)
    if (listing.state === 'complete') return listing.rows.some(({ uuid }) => uuid === id)
    if (listing.error.code === 'not-found') return false
    throw listing.error
  }
}

function ofProject(
  client: BitbucketClient,
  workspace: string,
  key: string,
  kind: string,
  id: string,
  signal: AbortSignal,
) {
  const look = kind === 'user' ? getProjectUserPermission : getProjectGroupPermission
  return look(client, workspace, key, id, signal)
}

function ofRepository(
  client: BitbucketClient,
  workspace: string,
  uuid: string,
  kind: string,
  id: string,
  signal: AbortSignal,
) {
  const look = kind === 'user' ? getRepositoryUserPermission : getRepositoryGroupPermission
  return look(client, workspace, uuid, id, signal)
}

/** Kind and id as Bitbucket writes it: a uuid in braces, or the slug of a group. */
function splitHolder(holder: Holding['holder']): readonly [string, string] {
  if (holder.startsWith('user:')) return ['user', `{${holder.slice('user:'.length)}}`]
  const slug = /^group:(.*)#member$/.exec(holder)?.[1]
  if (slug === undefined) throw new InvariantError('A holder is neither a user nor a group', { holder })
  return ['group', slug]
}
