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
