// What happens in a workspace in a week, and when: the stream of changes that a sync has to find.

import type { Random } from './random.ts'
import { drawLevel, type Holdings, type Level, type World } from './world.ts'

export const factKinds = [
  'members',
  'roles',
  'groups',
  'memberships',
  'project list',
  'repository list',
  'project grants',
  'project nestings',
  'repository grants',
  'repository nestings',
  'grants of people who left',
] as const
export type FactKind = (typeof factKinds)[number]

/** A change of a fact that the reading of one scope shows. */
export interface Change {
  readonly kind: FactKind
  readonly scopeId: string
  readonly removal: boolean
  /** Of a change on a repository: it left what everybody can do there as it was. */
  readonly hidden?: boolean
}

/** What may happen; how often in a week for each `per`, in a workspace of the first shape some 700 times in all. */
interface Happening {
  readonly per: 'member' | 'project' | 'repository' | 'workspace'
  readonly weekly: number
  readonly apply: (world: World, random: Random) => Change[]
}

export const happenings: Readonly<Record<string, Happening>> = {
  joins: { per: 'member', weekly: 0.004, apply: join },
  leaves: { per: 'member', weekly: 0.003, apply: leave },
  'role changes': { per: 'member', weekly: 0.001, apply: () => [changed('roles', 'members')] },
  'group made or removed': { per: 'workspace', weekly: 2, apply: (_, random) => [listed(random, 'groups', 'groups')] },
  'membership changes': { per: 'member', weekly: 0.05, apply: changeMembership },
  'project made, renamed or removed': {
    per: 'workspace',
    weekly: 3,
    apply: (_, random) => [listed(random, 'project list', 'projects')],
  },
  'repository made, renamed, moved or removed': {
    per: 'repository',
    weekly: 0.006,
    apply: (_, random) => [listed(random, 'repository list', 'repositories')],
  },
  'user on a project': { per: 'project', weekly: 0.1, apply: changeProjectUser },
  'group on a project': { per: 'project', weekly: 0.05, apply: changeProjectGroup },
  'user on a repository': { per: 'repository', weekly: 0.06, apply: changeRepositoryUser },
  'group on a repository': { per: 'repository', weekly: 0.012, apply: changeRepositoryGroup },
}

const weekSeconds = 7 * 86_400

export interface Event {
  readonly at: number
  readonly apply: (world: World, random: Random) => Change[]
}

/**
 * A week of what happens, in order; seconds since Monday 00:00. On a working day the hours from 8 to 18 have ten times as much as
 * all others.
 */
export function drawWeek(world: World, random: Random): Event[] {
  const counts = {
    member: world.size.members,
    project: world.size.projects,
    repository: world.size.repositories,
    workspace: 1,
  }
  const events: Event[] = []
  for (const { per, weekly, apply } of Object.values(happenings)) {
    const mean = weekSeconds / (weekly * counts[per])
    for (let at = random.exponential(mean); at < weekSeconds; at += random.exponential(mean)) {
      events.push({ at: drawTime(random), apply })
    }
  }
  return events.sort((a, b) => a.at - b.at)
}

function drawTime(random: Random): number {
  for (;;) {
    const at = random.next() * weekSeconds
    const hour = (at / 3_600) % 24
    if ((at < 5 * 86_400 && hour >= 8 && hour < 18) || random.next() < 0.1) return at
  }
}

function changed(kind: FactKind, scopeId: string, removal = false): Change {
  return { kind, scopeId, removal }
}

function listed(random: Random, kind: FactKind, scopeId: string): Change {
  return changed(kind, scopeId, random.next() < 0.3)
}

function join(world: World, random: Random): Change[] {
  const user = world.addMember()
  const changes = [changed('members', 'members')]
  for (const group of [random.below(world.groups.length), random.below(world.groups.length)]) {
    world.groups[group]?.add(user)
    changes.push(changed('memberships', 'groups'))
  }
  return changes
}

/** Bitbucket takes from a person who leaves all that he held. */
function leave(world: World, random: Random): Change[] {
  const user = anyMember(world, random)
  world.members.delete(user)
  const changes = [changed('members', 'members', true)]
  for (const members of world.groups) {
    if (members.delete(user)) changes.push(changed('memberships', 'groups', true))
  }
  const held = (scope: string) => (holdings: Holdings, index: number) => {
    if (holdings.users.delete(user)) changes.push(changed('grants of people who left', `${scope}/${index}`, true))
  }
  world.projects.forEach(held('project'))
  world.repositories.forEach(held('repository'))
  return changes
}

function changeMembership(world: World, random: Random): Change[] {
  const members = world.groups[random.below(world.groups.length)]
  if (members === undefined) return []
  const removal = random.next() < 0.5
  if (removal) members.delete(random.pick([...members]) ?? -1)
  else members.add(anyMember(world, random))
  return [changed('memberships', 'groups', removal)]
}

function changeProjectUser(world: World, random: Random): Change[] {
  const project = random.skewed(world.projects.length)
  const removal = changeHolding(world.projects[project]?.users, anyMember(world, random), random)
  return [changed('project grants', `project/${project}`, removal)]
}

function changeProjectGroup(world: World, random: Random): Change[] {
  const project = random.skewed(world.projects.length)
  const removal = changeHolding(world.projects[project]?.groups, random.below(world.groups.length), random)
  return [changed('project nestings', `project/${project}`, removal)]
}

/** Every fourth who is given something on a repository can do something there already, by a group or the project. */
function changeRepositoryUser(world: World, random: Random): Change[] {
  const repository = random.skewed(world.repositories.length)
  const has = [...world.effective(repository).keys()]
  const user = random.next() < 0.25 ? (random.pick(has) ?? 0) : anyMember(world, random)
  return changeRepository(world, repository, 'repository grants', () =>
    changeHolding(world.repositories[repository]?.users, user, random),
  )
}

function changeRepositoryGroup(world: World, random: Random): Change[] {
  const repository = random.skewed(world.repositories.length)
  return changeRepository(world, repository, 'repository nestings', () =>
    changeHolding(world.repositories[repository]?.groups, random.below(world.groups.length), random),
  )
}

function changeRepository(world: World, repository: number, kind: FactKind, change: () => boolean): Change[] {
  const before = world.effective(repository)
  const removal = change()
  const after = world.effective(repository)
  const hidden = before.size === after.size && [...after].every(([user, level]) => before.get(user) === level)
  return [{ kind, scopeId: `repository/${repository}`, removal, hidden }]
}

/** Of ten changes four give something new, two another level, four take away (where there is anything); says whether it took. */
function changeHolding(held: Map<number, Level> | undefined, holder: number, random: Random): boolean {
  const drawn = random.next()
  const present = drawn < 0.4 ? undefined : random.pick([...(held?.keys() ?? [])])
  if (present === undefined) held?.set(holder, drawLevel(random))
  else if (drawn < 0.6) held?.set(present, otherLevel(held.get(present) ?? 1, random))
  else held?.delete(present)
  return present !== undefined && drawn >= 0.6
}

function otherLevel(level: Level, random: Random): Level {
  const others = ([1, 2, 3] as const).filter((each) => each !== level)
  return random.pick(others) ?? level
}

function anyMember(world: World, random: Random): number {
  return random.pick([...world.members]) ?? 0
}
