/** The OAuth scopes that a full sync needs, with what the consumer's form in Bitbucket calls them. */
export const requiredScopes: Readonly<Record<string, string>> = {
  account: 'Account: Read',
  project: 'Projects: Read',
  'project:admin': 'Projects: Admin',
  repository: 'Repositories: Read',
  'repository:admin': 'Repositories: Admin',
}

/** What a scope gives besides itself. The admin scopes give nothing else, not even read. */
const implied: Readonly<Record<string, readonly string[]>> = {
  project: ['repository'],
  'account:write': ['account'],
  'repository:write': ['repository'],
  'project:write': ['project', 'repository'],
}

/** The required scopes that a token lacks, given those that it was granted. */
export function missingScopes(granted: readonly string[]): string[] {
  const held = new Set(granted.flatMap((scope) => [scope, ...(implied[scope] ?? [])]))
  return Object.keys(requiredScopes).filter((scope) => !held.has(scope))
}

/** What the consumer's form calls the scopes that nothing here needs. One that is not here keeps its own name. */
const otherLabels = {
  'account:write': 'Account: Write',
  email: 'Account: Email',
  team: 'Workspace membership: Read',
  'team:write': 'Workspace membership: Write',
  'project:write': 'Projects: Write',
  'repository:write': 'Repositories: Write',
  'repository:delete': 'Repositories: Delete',
  pullrequest: 'Pull requests: Read',
  'pullrequest:write': 'Pull requests: Write',
  issue: 'Issues: Read',
  'issue:write': 'Issues: Write',
  wiki: 'Wikis: Read and write',
  snippet: 'Snippets: Read',
  'snippet:write': 'Snippets: Write',
  webhook: 'Webhooks: Read and write',
  pipeline: 'Pipelines: Read',
  'pipeline:write': 'Pipelines: Write',
  'pipeline:variable': 'Pipelines: Edit variables',
  runner: 'Runners: Read',
  'runner:write': 'Runners: Write',
}

/** The scopes of a token that nothing here needs. One that brings a required one with it is among them: that one alone would do. */
export function excessScopes(granted: readonly string[]): string[] {
  return granted.filter((scope) => !Object.hasOwn(requiredScopes, scope))
}

const labels = new Map(Object.entries({ ...requiredScopes, ...otherLabels }))

/** What the consumer's form calls a scope. */
export function scopeLabel(scope: string): string {
  return labels.get(scope) ?? scope
}
