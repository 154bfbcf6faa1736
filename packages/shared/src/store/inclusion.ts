import type { Resource } from '../contract/entities.ts'
import { type Include, isIncluded } from '../contract/settings.ts'

/** Why a scope is not observed that the settings leave out. */
export const notIncluded = 'not-included'

/** Whether the settings leave nothing out. */
export function includesAll({ projects, repositories }: Include): boolean {
  return projects === null && repositories === null
}

/** Whether a project or repository is to be read, as it was last listed: one that moves goes where its project is. */
export function isResourceIncluded(include: Include, { kind, key = '', slug = '', parent }: Resource): boolean {
  return isIncluded(include, kind === 'project' ? { kind, key } : { kind: 'repository', slug, projectKey: parent?.key })
}
