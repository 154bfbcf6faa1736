import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import type { JsonObject } from '../http/json.ts'
import { toPage } from '../http/pagination.ts'
import type { Repository } from '../world/types.ts'
import { findRepository } from '../world/world.ts'
import { groupGrants, userGrants } from './permissions-config.ts'
import { toProject, toRepository, toTeam, toWorkspace } from './shapes.ts'

/** The repositories of a workspace, and the explicit grants on each. */
export const repositoryEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/repositories/{workspace}',
    scopes: ['repository'],
    answer(call) {
      const repositories = sortRepositories(
        [...call.workspace.repositories.values()],
        call.url.searchParams.get('sort'),
      )
      return toPage(call.url, repositories, (repository) => toRow(call, repository))
    },
  },
  {
    path: '/2.0/repositories/{workspace}/{repo_slug}/permissions-config/users',
    scopes: ['repository:admin'],
    answer: (call) => userGrants(call, 'repository', readRepository(call).grants),
  },
  {
    path: '/2.0/repositories/{workspace}/{repo_slug}/permissions-config/groups',
    scopes: ['repository:admin'],
    answer: (call) => groupGrants(call, 'repository', readRepository(call).grants),
  },
]

/** The repository that the path names by slug or uuid. @throws ApiError 404 */
function readRepository(call: Call): Repository {
  const repository = findRepository(call.workspace, call.param('repo_slug'))
  if (repository !== undefined) return repository
  const message = 'You may not have access to this repository or it no longer exists in this workspace.'
  throw new ApiError(
    404,
    `${message} If you think this repository exists and you have access, make sure you are authenticated.`,
  )
}

const sortKeys: Readonly<Record<string, (repository: Repository) => string>> = {
  created_on: ({ createdOn }) => createdOn,
  updated_on: ({ updatedOn }) => updatedOn,
  name: ({ name }) => name,
  slug: ({ slug }) => slug,
  full_name: ({ slug }) => slug,
}

/** Equal keys fall back on the uuid, so that pages of one listing always agree on the order. */
function sortRepositories(repositories: Repository[], sort: string | null): Repository[] {
  if (sort === null) return repositories
  const keyOf = sortKeys[sort.replace(/^-/, '')]
  if (keyOf === undefined) throw new ApiError(400, `Invalid field for sort: ${sort}`)
  const sign = sort.startsWith('-') ? -1 : 1
  return repositories.sort((a, b) => sign * compare(keyOf(a), keyOf(b)) || compare(a.uuid, b.uuid))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function toRow({ workspace, url }: Call, repository: Repository): JsonObject {
  const project = workspace.projects.get(repository.projectUuid)
  if (project === undefined) throw new Error(`the repository ${repository.uuid} is in no project`)
  return {
    ...toRepository(repository, workspace, url),
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
    override_settings: { branching_model: false, default_merge_strategy: false, branch_restrictions: false },
    owner: toTeam(workspace, url),
    workspace: toWorkspace(workspace, url),
    project: toProject(project, workspace, url),
  }
}
