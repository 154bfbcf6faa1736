import { compileQuery, compileSort, type QueryField } from '../bbql/bbql.ts'
import type { Call, Endpoint } from '../http/endpoint.ts'
import { notFound } from '../http/endpoint.ts'
import { ApiError, Redirect } from '../http/errors.ts'
import { gone } from '../http/gone.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import { derive } from '../world/derived.ts'
import type { Repository, Workspace } from '../world/types.ts'
import { findRepository } from '../world/world.ts'
import { permissionEndpoints } from './permissions-config.ts'
import { toOwner, toProject, toRepository, toWorkspace } from './shapes.ts'

/** The repositories of a workspace, and the explicit grants on each. */
export const repositoryEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/repositories/{workspace}',
    queries: true,
    scopes: ['repository'],
    tokenScopes: ['read:repository'],
    accessTokens: true,
    // A 200 for who has no credential, with what is public: many have taken it for the whole.
    anonymous: 'allowed',
    answer: (call) =>
      toPage(call, listRepositories(call), (repository) => toRow(call.workspace, call.base, repository)),
  },
  {
    path: '/2.0/repositories',
    scopes: ['repository'],
    tokenScopes: ['read:repository'],
    anonymous: 'allowed',
    answer(call) {
      if (call.era !== 'legacy') throw gone()
      const visible = [...call.world.workspaces.values()].flatMap((workspace) =>
        [...workspace.repositories.values()]
          .filter(
            (repository) =>
              !repository.isPrivate || (call.caller.sees(workspace) && call.caller.canRead(workspace, repository)),
          )
          .map((repository) => ({ workspace, repository })),
      )
      return toPage(call, visible, ({ workspace, repository }) => toRow(workspace, call.base, repository))
    },
  },
  {
    path: '/2.0/repositories/{workspace}/{repo_slug}',
    scopes: ['repository'],
    tokenScopes: ['read:repository'],
    accessTokens: true,
    anonymous: 'allowed',
    answer: (call) => toRow(call.workspace, call.base, readRepository(call)),
  },
  {
    path: '/2.0/repositories/{workspace}/{repo_slug}/override-settings',
    scopes: ['repository:admin'],
    tokenScopes: ['admin:repository'],
    answer(call) {
      readAdministered(call)
      return { type: 'repository_inheritance_state', override_settings: overrideSettings }
    },
  },
  ...permissionEndpoints({
    kind: 'repository',
    path: '/2.0/repositories/{workspace}/{repo_slug}',
    read: readAdministered,
  }),
]

/** Nothing in it concerns permissions: their inheritance cannot be switched off. */
const overrideSettings = { branching_model: false, default_merge_strategy: false, branch_restrictions: false }

/**
 * The repository that the path names by slug or uuid.
 * @throws Redirect when it had that slug before it was renamed, ApiError 404 when it is not the caller's to see
 */
export function readRepository(call: Call): Repository {
  const { workspace, caller } = call
  const name = call.param('repo_slug')
  const repository = findRepository(workspace, name)
  if (repository !== undefined && caller.canRead(workspace, repository)) return repository
  const renamed = workspace.repositories.get(workspace.formerSlugs.get(name) ?? '')
  if (repository !== undefined || renamed === undefined || !caller.canRead(workspace, renamed)) throw notFound()
  throw new Redirect(`${call.url.origin}${call.url.pathname.replace(`/${name}`, `/${renamed.slug}`)}${call.url.search}`)
}

function readAdministered(call: Call): Repository {
  const repository = readRepository(call)
  if (call.caller.administersRepository(call.workspace, repository)) return repository
  throw new ApiError(403, 'Your credentials do not administer this repository.')
}

/** What the caller sees, filtered and sorted; sorted lists are kept until the workspace changes. */
function listRepositories(call: Call): readonly Repository[] {
  const { workspace, caller } = call
  const sorted = sortedRepositories(workspace, call.url.searchParams.get('sort'))
  const query = call.url.searchParams.get('q')
  const seesAll = caller.kind === 'consumer'
  if (query === null && seesAll) return sorted
  const isMeant = query === null ? () => true : compileQuery(query, fieldsOf(workspace))
  return sorted.filter((repository) => caller.canRead(workspace, repository) && isMeant(repository))
}

const sortedLists = derive(() => new Map<string | null, readonly Repository[]>())

function sortedRepositories(workspace: Workspace, sort: string | null): readonly Repository[] {
  const lists = sortedLists(workspace)
  const known = lists.get(sort)
  if (known !== undefined) return known
  const all = [...workspace.repositories.values()]
  const sorted = sort === null ? all : all.sort(compileSort(sort, fieldsOf(workspace)))
  lists.set(sort, sorted)
  return sorted
}

function fieldsOf({ slug, projects }: Workspace): Readonly<Record<string, QueryField<Repository>>> {
  const project = ({ projectUuid }: Repository) => projects.get(projectUuid)
  return {
    uuid: { type: 'text', read: ({ uuid }) => uuid },
    name: { type: 'text', read: ({ name }) => name },
    slug: { type: 'text', read: (repository) => repository.slug },
    full_name: { type: 'text', read: (repository) => `${slug}/${repository.slug}` },
    is_private: { type: 'boolean', read: ({ isPrivate }) => isPrivate },
    language: { type: 'text', read: ({ language }) => language },
    size: { type: 'number', read: ({ size }) => size },
    created_on: { type: 'instant', read: ({ createdOn }) => createdOn },
    updated_on: { type: 'instant', read: ({ updatedOn }) => updatedOn },
    'project.key': { type: 'text', read: (repository) => project(repository)?.key ?? null },
    'project.uuid': { type: 'text', read: ({ projectUuid }) => projectUuid },
    'project.name': { type: 'text', read: (repository) => project(repository)?.name ?? null },
  }
}

function toRow(workspace: Workspace, base: string, repository: Repository): JsonObject {
  const project = workspace.projects.get(repository.projectUuid)
  if (project === undefined) throw new Error(`the repository ${repository.uuid} is in no project`)
  return {
    ...toRepository(repository, workspace, base),
    slug: repository.slug,
    description: '',
    is_private: repository.isPrivate,
    fork_policy: repository.isPrivate ? 'no_public_forks' : 'allow_forks',
    scm: 'git',
    language: repository.language,
    size: repository.size,
    created_on: repository.createdOn,
    updated_on: repository.updatedOn,
    has_issues: false,
    has_wiki: false,
    mainbranch: { type: 'branch', name: 'main' },
    override_settings: overrideSettings,
    owner: toOwner(workspace, base),
    workspace: toWorkspace(workspace, base),
    project: toProject(project, workspace, base),
  }
}
