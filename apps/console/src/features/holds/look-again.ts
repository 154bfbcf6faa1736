/** How large the lists of the workspace are, as far as that is known. */
export interface ListSizes {
  readonly serviceUsers: number
  readonly projects: number
  readonly repositories: number
}

const rowsPerPage = 100
/** Who holds something on a project or repository: a list of users and one of groups. */
const requestsPerResource = 2

/**
 * Requests to Bitbucket that reading these scopes takes, when all is there again. What is still missing is read a second time
 * to be sure, so that it takes up to twice as many.
 */
export function requestsToRead(scopes: readonly string[], sizes: ListSizes): number {
  const pages = (rows: number) => Math.max(1, Math.ceil(rows / rowsPerPage))
  return scopes.reduce((sum, scope) => {
    switch (scope) {
      case 'workspace/members':
        return sum + pages(sizes.serviceUsers)
      case 'workspace/groups':
        return sum + 1
      case 'workspace/projects':
        return sum + pages(sizes.projects)
      case 'workspace/repositories':
        return sum + pages(sizes.repositories)
      default:
        return sum + requestsPerResource
    }
  }, 0)
}

/** How many may go within a day without being asked about: the share, and always so many. */
export function allowedOf({ share, count }: { readonly share: number; readonly count: number }, of: number): number {
  return Math.max(count, Math.floor(share * of))
}

/** A share as a percentage with one digit behind the point at most. */
export function formatShare(share: number): string {
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(share * 100)} %`
}
