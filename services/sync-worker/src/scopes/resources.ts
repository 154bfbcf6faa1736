import {
  type BitbucketClient,
  type ListCursor,
  type PageOutcome,
  type Project,
  projectListing,
  type Repository,
  readNextPage,
  repositoryListing,
} from '@clarity/bitbucket'
import type { Resource } from '@clarity/shared/contract/entities'
import { bareUuid, type ScopeId } from '@clarity/shared/contract/ids'
import { InvariantError } from '@clarity/shared/runtime/errors'
import type { ListedKind, ListedRow } from '@clarity/shared/store/listings'
import { withoutAbsent } from '../core/identity.ts'

/** A project or repository whose permissions are a scope of their own. */
export interface ListedResource {
  readonly scopeId: ScopeId
  readonly resource: Resource & { readonly uuid: string }
}

/** The resource of a row, which Bitbucket tells by its uuid. */
export function toListedResource([scopeId, resource]: ListedRow): ListedResource {
  const { uuid } = resource
  if (uuid === undefined) throw new InvariantError('A listed resource has no uuid', { scopeId })
  return { scopeId, resource: { ...resource, uuid } }
}

/** Reads one page of the projects or repositories and hands its rows to `keep`, which answers how many there are by now. */
export function readResourcePage(
  client: BitbucketClient,
  options: {
    readonly kind: ListedKind
    readonly workspaceSlug: string
    readonly from: ListCursor
    readonly keep: (rows: ListedRow[]) => Promise<number>
  },
  signal: AbortSignal,
): Promise<PageOutcome> {
  const { kind, workspaceSlug, from, keep } = options
  return kind === 'project'
    ? readNextPage(client, { ...projectListing(workspaceSlug), signal }, from, (rows) => keep(rows.map(toProject)))
    : readNextPage(client, { ...repositoryListing(workspaceSlug), signal }, from, (rows) =>
        keep(rows.map(toRepository)),
      )
}

function toProject({ uuid, key, name, is_private }: Project): ListedRow {
  return [
    `project/${bareUuid(uuid)}`,
    withoutAbsent({ kind: 'project' as const, uuid, key, name, private: is_private }),
  ]
}

function toRepository({ uuid, slug, name, is_private, project }: Repository): ListedRow {
  const parent = project && { kind: 'project' as const, uuid: project.uuid, key: project.key }
  return [
    `repository/${bareUuid(uuid)}`,
    withoutAbsent({ kind: 'repository' as const, uuid, slug, name, private: is_private, parent }),
  ]
}
