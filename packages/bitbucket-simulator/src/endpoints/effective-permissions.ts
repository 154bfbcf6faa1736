import { compileQuery, compileSort, type QueryField } from '../bbql/bbql.ts'
import type { Call, Endpoint } from '../http/endpoint.ts'
import { ApiError } from '../http/errors.ts'
import { gone } from '../http/gone.ts'
import type { JsonObject } from '../http/json.ts'
import { linksOf, readWindow, toPage } from '../http/pagination.ts'
import { derive } from '../world/derived.ts'
import { effectiveOn } from '../world/effective.ts'
import type { Repository, User, Workspace } from '../world/types.ts'
import { readRepository } from './repositories.ts'
import { toRepository, toUser, toWorkspace } from './shapes.ts'

interface Row {
  readonly workspace: Workspace
  readonly user: User
  readonly repository: Repository
  readonly permission: string
}

/**
 * Effective permissions: one row for each user and repository with the highest level, however it comes about. The list
 * of a whole workspace is long, so it is made as it is read, and does not say how long it is.
 */
export const effectivePermissionEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}/permissions/repositories',
    queries: true,
    scopes: ['account'],
    tokenScopes: ['read:repository'],
    answer(call) {
      if (!call.caller.administers(call.workspace)) throw new ApiError(403, 'Only administrators may list permissions.')
      return effectivePage(call, repositoriesOf(call.workspace))
    },
  },
  {
    path: '/2.0/workspaces/{workspace}/permissions/repositories/{repo_slug}',
    queries: true,
    scopes: ['repository'],
    tokenScopes: ['read:repository'],
    answer(call) {
      const repository = readRepository(call)
      if (!call.caller.administersRepository(call.workspace, repository)) {
        throw new ApiError(403, 'Only administrators of the repository may list its permissions.')
      }
      return effectivePage(call, [repository])
    },
  },
  {
    path: '/2.0/user/workspaces/{workspace}/permissions/repositories',
    unseen: 403,
    scopes: ['account', 'repository'],
    tokenScopes: ['read:repository'],
    answer: (call) => ownPage(call, [call.workspace]),
  },
  {
    path: '/2.0/user/permissions/repositories',
    scopes: ['account', 'repository'],
    tokenScopes: ['read:repository'],
    answer(call) {
      if (call.era !== 'legacy') throw gone()
      return ownPage(call, call.caller.workspace === null ? [] : [call.caller.workspace])
    },
  },
  {
    path: '/2.0/user/permissions/workspaces',
    scopes: ['account'],
    tokenScopes: ['read:workspace'],
    answer(call) {
      if (call.era !== 'legacy') throw gone()
      const { workspace, user } = call.caller
      const member = user === null ? undefined : workspace?.members.get(user.uuid)
      const rows = user && workspace && member ? [{ user, workspace, member }] : []
      return toPage(call, rows, (row) => ({
        type: 'workspace_membership',
        permission: row.member.permission,
        user: toUser(row.user, call.base),
        workspace: toWorkspace(row.workspace, call.base),
      }))
    },
  },
]

/** What the caller himself may do, where it is no more than being public. */
function ownPage(call: Call, workspaces: readonly Workspace[]): JsonObject {
  const { user } = call.caller
  if (user === null) return toPage(call, [], toNothing)
  const rows = workspaces.flatMap((workspace) =>
    [...workspace.repositories.values()].flatMap((repository): Row[] => {
      const permission = effectiveOn(workspace, repository).get(user.uuid)
      return permission === undefined ? [] : [{ workspace, user, repository, permission }]
    }),
  )
  return cut(call, rows, readWindow(call).start)
}

function toNothing(): JsonObject {
  return {}
}

function effectivePage(call: Call, repositories: readonly Repository[]): JsonObject {
  const { workspace, url } = call
  const query = url.searchParams.get('q')
  const sort = url.searchParams.get('sort')
  const { start } = readWindow(call)
  if (query === null && sort === null) {
    const { index, rest } = locate(workspace, repositories, start)
    return cut(call, rowsOf(workspace, repositories, index), rest)
  }
  const isMeant = query === null ? () => true : compileQuery(query, rowFields)
  const rows = [...rowsOf(workspace, repositories)].filter(isMeant)
  return cut(call, sort === null ? rows : rows.sort(compileSort(sort, rowFields)), start)
}

function* rowsOf(workspace: Workspace, repositories: readonly Repository[], from = 0): Generator<Row> {
  for (let index = from; index < repositories.length; index++) {
    const repository = repositories[index]
    if (repository === undefined) return
    for (const [userUuid, permission] of effectiveOn(workspace, repository)) {
      const user = workspace.users.get(userUuid)
      if (user === undefined) throw new Error(`the holder ${userUuid} of a grant has no account`)
      yield { workspace, user, repository, permission }
    }
  }
}

const repositoriesOf = derive(({ repositories }) => [...repositories.values()])
const rowCounts = derive(() => new Map<Repository, number>())

/** In which repository the row of that number is, and how many of the repository's rows come before it. */
function locate(workspace: Workspace, repositories: readonly Repository[], start: number) {
  const counts = rowCounts(workspace)
  let rest = start
  for (const [index, repository] of repositories.entries()) {
    const count = counts.get(repository) ?? effectiveOn(workspace, repository).size
    counts.set(repository, count)
    if (rest < count) return { index, rest }
    rest -= count
  }
  return { index: repositories.length, rest: 0 }
}

/** The page that begins after `skip` of the rows; it takes one row more, to know whether there is a next page. */
function cut(call: Call, rows: Iterable<Row>, skip: number): JsonObject {
  const { page, pagelen } = readWindow(call)
  const shown: Row[] = []
  let index = 0
  let hasNext = false
  for (const row of rows) {
    if (index++ < skip) continue
    hasNext = shown.length === pagelen
    if (hasNext) break
    shown.push(row)
  }
  return { values: shown.map((row) => toRow(call, row)), pagelen, ...linksOf(call.url, page, hasNext) }
}

function toRow({ base }: Call, { workspace, user, repository, permission }: Row): JsonObject {
  return {
    type: 'repository_permission',
    permission,
    user: toUser(user, base),
    repository: toRepository(repository, workspace, base),
  }
}

const rowFields: Readonly<Record<string, QueryField<Row>>> = {
  permission: { type: 'ordered', order: ['none', 'read', 'write', 'admin'], read: ({ permission }) => permission },
  'repository.name': { type: 'text', read: ({ repository }) => repository.name },
  'repository.uuid': { type: 'text', read: ({ repository }) => repository.uuid },
  'user.uuid': { type: 'text', read: ({ user }) => user.uuid },
  'user.account_id': { type: 'text', read: ({ user }) => user.accountId },
  'user.display_name': { type: 'text', read: ({ user }) => user.displayName },
}
