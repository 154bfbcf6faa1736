import type { Workspace } from './types.ts'

/**
 * What follows from a workspace's truth, made once and kept until the workspace changes: pages of a long list ask for
 * the same thing again and again.
 */
export function derive<T>(make: (workspace: Workspace) => T): (workspace: Workspace) => T {
  const kept = new WeakMap<Workspace, { readonly revision: number; readonly value: T }>()
  return (workspace) => {
    const known = kept.get(workspace)
    if (known?.revision === workspace.revision) return known.value
    const value = make(workspace)
    kept.set(workspace, { revision: workspace.revision, value })
    return value
  }
}
