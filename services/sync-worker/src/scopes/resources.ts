import { type BitbucketClient, type Listing, listProjects, listRepositories } from '@clarity/bitbucket'
import type { Resource } from '@clarity/shared/contract/entities'
import { bareUuid, type ScopeId } from '@clarity/shared/contract/ids'
import { withoutAbsent } from '../core/identity.ts'

/** A project or repository whose permissions are a scope of their own. */
export interface ListedResource {
  readonly scopeId: ScopeId
  readonly resource: Resource & { readonly uuid: string }
}

export type ResourceListing = Listing<ListedResource>

export async function readProjects(
  client: BitbucketClient,
  workspaceSlug: string,
  signal: AbortSignal,
): Promise<ResourceListing> {
  const listing = await listProjects(client, workspaceSlug, signal)
  if (listing.state === 'incomplete') return listing
  const rows = listing.rows.map(
    (project): ListedResource => ({
      scopeId: `project/${bareUuid(project.uuid)}`,
      resource: withoutAbsent({
        kind: 'project' as const,
        uuid: project.uuid,
        key: project.key,
        name: project.name,
        private: project.is_private,
      }),
    }),
  )
  return { ...listing, rows }
}

export async function readRepositories(
  client: BitbucketClient,
  workspaceSlug: string,
  signal: AbortSignal,
): Promise<ResourceListing> {
  const listing = await listRepositories(client, workspaceSlug, signal)
  if (listing.state === 'incomplete') return listing
  const rows = listing.rows.map(
    (repository): ListedResource => ({
      scopeId: `repository/${bareUuid(repository.uuid)}`,
      resource: withoutAbsent({
        kind: 'repository' as const,
        uuid: repository.uuid,
        slug: repository.slug,
        name: repository.name,
        private: repository.is_private,
        parent: repository.project && {
          kind: 'project' as const,
          uuid: repository.project.uuid,
          key: repository.project.key,
        },
      }),
    }),
  )
  return { ...listing, rows }
}
