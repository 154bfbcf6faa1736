/** How much there is of a workspace, and how much of that is to be read. */
export interface ToBeRead {
  readonly members: number | null
  readonly projects: number | null
  readonly repositories: number | null
  /** Absent: all of them. */
  readonly included?: { readonly projects: number; readonly repositories: number } | undefined
}

/**
 * The requests that a full sync takes, pages of a hundred rows given; null when a number is not known. Lists are read whole,
 * also where only what is `included` is read of them.
 */
export function requestsOfFullSync({ members, projects, repositories, included }: ToBeRead): number | null {
  if (members === null || projects === null || repositories === null) return null
  const lists = requestsOfList(members) + requestsOfList(projects) + requestsOfList(repositories) + 2
  return 2 * (included?.repositories ?? repositories) + 2 * (included?.projects ?? projects) + lists
}

/** The requests that a list of so many rows takes. */
export function requestsOfList(rows: number): number {
  return Math.max(1, Math.ceil(rows / 100))
}
