/** What an id of a person, a resource or an entitlement says by itself. */
export type NodeKind = 'person' | 'workspace' | 'group' | 'project' | 'repository'

/** The resource that an entitlement is on; anything else is itself. */
export function resourceOf(node: string): string {
  const cut = node.lastIndexOf('#')
  return cut === -1 ? node : node.slice(0, cut)
}

/** The level of an entitlement; null for what is none. */
export function levelOf(node: string): string | null {
  const cut = node.lastIndexOf('#')
  return cut === -1 ? null : node.slice(cut + 1)
}

export function kindOf(node: string): NodeKind {
  if (node.startsWith('user:')) return 'person'
  if (node.startsWith('group:')) return 'group'
  if (node.startsWith('project:')) return 'project'
  return node.startsWith('repository:') ? 'repository' : 'workspace'
}

/** What stands for a name that is not known. */
export function namelessOf(node: string): string {
  const kind = kindOf(node)
  if (kind === 'workspace') return 'the workspace'
  // The id of a group is made of a name that people have given it.
  if (kind === 'group') return resourceOf(node).slice('group:'.length)
  return `${kind} ${resourceOf(node).replace(/^\w+:/, '').slice(0, 8)}`
}

/** The scope in which who holds something on a resource is read. */
export function scopeOf(resource: string): string {
  const kind = kindOf(resource)
  if (kind === 'workspace' || kind === 'person') return 'workspace/members'
  return kind === 'group' ? 'workspace/groups' : resource.replace(':', '/')
}
