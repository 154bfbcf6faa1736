/** The permissions that the consumer needs, as its form in Bitbucket calls them, and what each is for. */
export const neededPermissions = [
  { scope: 'account', label: 'Account: Read', why: 'people, their roles, groups and who is in them' },
  { scope: 'project', label: 'Projects: Read', why: 'which projects there are' },
  { scope: 'project:admin', label: 'Projects: Admin', why: 'who may use each project' },
  { scope: 'repository', label: 'Repositories: Read', why: 'which repositories there are' },
  { scope: 'repository:admin', label: 'Repositories: Admin', why: 'who may use each repository' },
] as const

/** What an administrator's API token needs in place of these. */
export const tokenScopes = [
  'read:workspace:bitbucket',
  'read:user:bitbucket',
  'read:project:bitbucket',
  'read:repository:bitbucket',
  'read:permission:bitbucket',
] as const

export const whyAdmin =
  'Bitbucket shows who may use a project or repository only to whoever administers it: its permission lists ask for the scopes ' +
  'project:admin and repository:admin. They are used to read these lists. Nothing is ever written, and Atlassian refuses changes ' +
  'of permissions to OAuth consumers in any case.'

const families: Readonly<Record<string, string>> = {
  account: 'Account',
  email: 'Account: Email',
  issue: 'Issues',
  pipeline: 'Pipelines',
  project: 'Projects',
  pullrequest: 'Pull requests',
  repository: 'Repositories',
  runner: 'Runners',
  snippet: 'Snippets',
  team: 'Workspace membership',
  webhook: 'Webhooks',
  wiki: 'Wikis',
}
/** These have no levels. */
const whole = new Set(['email', 'webhook', 'wiki'])
const levels: Readonly<Record<string, string>> = {
  admin: 'Admin',
  delete: 'Delete',
  variable: 'Edit variables',
  write: 'Write',
}

/** What the form of the consumer calls a scope; one that is not known keeps its own name. */
export function permissionLabel(scope: string): string {
  const [family = '', level] = scope.split(':')
  const name = families[family]
  const named = level === undefined ? 'Read' : levels[level]
  if (name === undefined || named === undefined) return scope
  return whole.has(family) ? name : `${name}: ${named}`
}
