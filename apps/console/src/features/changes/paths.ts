import type { AccessPath } from '@clarity/shared/contract/effective-access'

/** A way to a resource in words, such as "write, through the group platform". */
export function describePath({ via, level, steps }: Pick<AccessPath, 'via' | 'level' | 'steps'>): string {
  const group = steps.map(({ node }) => /^group:(.*)#member$/.exec(node)?.[1]).find((slug) => slug !== undefined)
  switch (via) {
    case 'direct':
      return `${level}, assigned directly`
    case 'group':
      return `${level}, through the group ${group ?? 'that is not named'}`
    case 'project':
      return `${level}, through the project, assigned there directly`
    case 'project-group':
      return `${level}, through the project and the group ${group ?? 'that is not named'}`
    case 'workspace-owner':
      return `${level}, as an owner of the workspace`
  }
}
