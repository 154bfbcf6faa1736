export { checkAccess } from './check.ts'
export {
  type BitbucketClient,
  type BitbucketClientOptions,
  createBitbucketClient,
  type RequestReport,
} from './client.ts'
export { type Group, listGroups } from './endpoints/groups.ts'
export {
  listProjectGroupPermissions,
  listProjects,
  listProjectUserPermissions,
  type Project,
} from './endpoints/projects.ts'
export {
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
  type Repository,
} from './endpoints/repositories.ts'
export type { Account, GroupPermission, UserPermission } from './endpoints/schemas.ts'
export {
  type BitbucketWorkspace,
  getWorkspace,
  listWorkspacePermissions,
  type WorkspacePermission,
} from './endpoints/workspaces.ts'
export type { Listing } from './pages.ts'
export { missingScopes, requiredScopes } from './scopes.ts'
