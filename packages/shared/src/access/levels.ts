/** The levels of projects and repositories that have a known order, lowest first. */
const order = ['none', 'read', 'write', 'create-repo', 'admin']

/** The levels of the workspace role that have a known order, lowest first. */
const roleOrder = ['collaborator', 'member', 'owner']

/**
 * Whether going from one level to another raises or lowers access. A level that is not known has no
 * place in the order, and nobody is told a direction that was guessed.
 */
export function directionOf(from: string, to: string): 'raised' | 'lowered' | 'unknown' {
  for (const known of [order, roleOrder]) {
    const [before, after] = [known.indexOf(from), known.indexOf(to)]
    if (before >= 0 && after >= 0 && before !== after) return after > before ? 'raised' : 'lowered'
  }
  return 'unknown'
}

/**
 * The highest of some levels of a project or repository; null of none. One that is not known ranks below all that give
 * something: it is shown where nothing else is held, and never takes the place of what is known.
 */
export function highestOf(levels: Iterable<string>): string | null {
  let highest: string | null = null
  for (const level of levels) if (highest === null || rankOf(level) > rankOf(highest)) highest = level
  return highest
}

function rankOf(level: string): number {
  const place = order.indexOf(level)
  return place === -1 ? 0.5 : place
}

/** True for a level that administers what it is held on. */
export function isPrivileged(level: string): boolean {
  return level === 'owner' || level === 'admin'
}
