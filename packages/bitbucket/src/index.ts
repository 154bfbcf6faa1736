export { checkAccess } from './check.ts'
export {
  type BitbucketClient,
  type BitbucketClientOptions,
  createBitbucketClient,
  type RequestReport,
} from './client.ts'
export type { ApiToken, Credential, OAuthConsumer } from './credential.ts'
export {
  type EffectivePermission,
  listEffectivePermissions,
  listRepositoryEffectivePermissions,
  readEffectivePermissionPage,
  readEffectivePermissions,
} from './endpoints/effective-permissions.ts'
export type { ExplicitPermission } from './endpoints/explicit-permission.ts'
export { type Group, listGroupMembers, listGroups } from './endpoints/groups.ts'
export {
  emailsPerQueryMax,
  getMember,
  isQueryableEmail,
  listMembersByEmail,
  type Member,
  type MemberByEmail,
} from './endpoints/members.ts'
export {
  getOwnWorkspaceAccess,
  listOwnWorkspaces,
  type OwnWorkspace,
  type OwnWorkspaceAccess,
} from './endpoints/own-access.ts'
export {
  getProject,
  getProjectGroupPermission,
  getProjectUserPermission,
  listProjectGroupPermissions,
  listProjects,
  listProjectUserPermissions,
  type Project,
  projectListing,
} from './endpoints/projects.ts'
export {
  getRepository,
  getRepositoryGroupPermission,
  getRepositoryUserPermission,
  listRepositories,
  listRepositoryGroupPermissions,
  listRepositoryUserPermissions,
  type Repository,
  repositoryListing,
} from './endpoints/repositories.ts'
export type { Account, GroupPermission, UserPermission } from './endpoints/schemas.ts'
export { getCurrentUser, getUser } from './endpoints/users.ts'
export {
  type BitbucketWorkspace,
  getWorkspace,
  listWorkspacePermissions,
  type WorkspacePermission,
} from './endpoints/workspaces.ts'
export { requestsOfFullSync } from './full-sync-cost.ts'
export { ListCursor, listBegin, type PageOutcome, readNextPage } from './page-by-page.ts'
export { type Listing, type ListingEnd, listChanged, type Rows } from './pages.ts'
export { type PreflightReport, runPreflight } from './preflight.ts'
export { otherWorkspace } from './preflight-credentials.ts'
export type { Sample, SampledPermissions } from './preflight-probes.ts'
export { fieldAtFault } from './preflight-reason.ts'
export { missingScopes, requiredScopes } from './scopes.ts'
