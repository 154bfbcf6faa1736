/** What is read as one, from its id such as `repository/<uuid>`. */
export interface ScopeParts {
  readonly kind: 'members' | 'groups' | 'projects' | 'repositories' | 'project' | 'repository'
  /** Null for the lists of the workspace. */
  readonly resource: string | null
}

export function scopeParts(scope: string): ScopeParts {
  const at = scope.indexOf('/')
  const [kind, rest] = [scope.slice(0, at), scope.slice(at + 1)]
  if (kind === 'project' || kind === 'repository') return { kind, resource: `${kind}:${rest}` }
  return { kind: rest as Exclude<ScopeParts['kind'], 'project' | 'repository'>, resource: null }
}

export const scopeKindNames: Readonly<Record<ScopeParts['kind'], string>> = {
  members: 'People and roles',
  groups: 'Groups',
  projects: 'List of projects',
  repositories: 'List of repositories',
  project: 'Project permissions',
  repository: 'Repository permissions',
}

type Scope = `project/${string}` | `repository/${string}` | 'workspace/groups'

/** The scope in which is read who has what on a resource. */
export function scopeOfResource(id: string): Scope {
  const [kind, rest] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)]
  if (kind === 'group') return 'workspace/groups'
  return kind === 'project' ? `project/${rest}` : `repository/${rest}`
}
