// A workspace as plain numbers: who is in which group, who holds what where, and the effective permissions that follow.

import type { Random } from './random.ts'

export interface WorldSize {
  readonly members: number
  readonly projects: number
  readonly repositories: number
  /** Users who can read a repository, on average; null: everybody, by a group of all that each project lets in. */
  readonly usersPerRepository: number | null
}

/** read, write, admin. */
export type Level = 1 | 2 | 3
const levelNames = ['none', 'read', 'write', 'admin'] as const

/** What is held on one project or repository: level by user, and by group. */
export interface Holdings {
  readonly users: Map<number, Level>
  readonly groups: Map<number, Level>
}

export class World {
  readonly size: WorldSize
  /** Everybody who is a member, or was. */
  readonly members = new Set<number>()
  readonly groups: Set<number>[] = []
  readonly projects: Holdings[] = []
  readonly repositories: Holdings[] = []
  readonly projectOf: number[] = []
  #people = 0

  constructor(size: WorldSize, random: Random) {
    this.size = size
    for (let user = 0; user < size.members; user++) this.addMember()
    for (let group = 0; group < Math.ceil(size.members / 20); group++) {
      this.groups.push(new Set(this.#draw(random, 4 + Math.round(random.exponential(16)), size.members)))
    }
    for (let project = 0; project < size.projects; project++) {
      const admin = this.#holders(random, 2, size.members, 3)
      this.projects.push({ users: admin, groups: new Map() })
    }
    for (let repository = 0; repository < size.repositories; repository++) {
      this.projectOf.push(random.skewed(size.projects))
      const groups = random.next() < 0.15 ? this.#holders(random, 1, this.groups.length, 2) : new Map<number, Level>()
      this.repositories.push({ users: this.#holders(random, random.below(4), size.members), groups })
    }
    this.#openProjects(random)
  }

  addMember(): number {
    const user = this.#people++
    this.members.add(user)
    return user
  }

  /** The highest level that each user has on the repository. */
  effective(repository: number): Map<number, Level> {
    const levels = new Map<number, Level>()
    const raise = (user: number, level: Level) => {
      if (level > (levels.get(user) ?? 0)) levels.set(user, level)
    }
    const follow = (held: Holdings | undefined) => {
      held?.users.forEach((level, user) => {
        raise(user, level)
      })
      held?.groups.forEach((level, group) => {
        this.groups[group]?.forEach((user) => {
          raise(user, level)
        })
      })
    }
    follow(this.repositories[repository])
    follow(this.projects[this.projectOf[repository] ?? -1])
    return levels
  }

  /** The rows of the list of effective permissions that tell of this repository, in the order of the users. */
  rows(repository: number): { repositoryId: string; userId: string; level: string }[] {
    const repositoryId = `repository/${repository}`
    return [...this.effective(repository)].map(([user, level]) => {
      return { repositoryId, userId: `user:${user}`, level: levelNames[level] }
    })
  }

  countRows(): number {
    if (this.size.usersPerRepository === null) return this.members.size * this.repositories.length
    let rows = 0
    for (let repository = 0; repository < this.repositories.length; repository++)
      rows += this.effective(repository).size
    return rows
  }

  /** Lets groups into projects until a repository has as many users as it should have. */
  #openProjects(random: Random): void {
    const { usersPerRepository } = this.size
    if (usersPerRepository === null) {
      const everybody = this.groups.push(new Set(this.members)) - 1
      for (const project of this.projects) project.groups.set(everybody, 1)
      return
    }
    const wanted = usersPerRepository * this.repositories.length
    const repositoriesOf = Map.groupBy(this.projectOf.keys(), (repository) => this.projectOf[repository])
    let rows = this.countRows()
    // A small workspace may have no combination that comes so near.
    for (let attempt = 0; rows < 0.995 * wanted && attempt < 1_000 * this.projects.length; attempt++) {
      const project = random.below(this.projects.length)
      const groups = this.projects[project]?.groups
      const group = random.below(this.groups.length)
      if (groups === undefined || groups.has(group)) continue
      const within = repositoriesOf.get(project) ?? []
      const count = () => within.reduce((sum, repository) => sum + this.effective(repository).size, 0)
      const before = count()
      groups.set(group, random.next() < 0.6 ? 1 : 2)
      const after = rows + count() - before
      if (after > wanted) groups.delete(group)
      else rows = after
    }
  }

  #draw(random: Random, count: number, below: number): number[] {
    return Array.from({ length: count }, () => random.below(below))
  }

  #holders(random: Random, count: number, below: number, level?: Level): Map<number, Level> {
    return new Map(this.#draw(random, count, below).map((holder) => [holder, level ?? drawLevel(random)]))
  }
}

export function drawLevel(random: Random): Level {
  const drawn = random.next()
  return drawn < 0.35 ? 1 : drawn < 0.9 ? 2 : 3
}
