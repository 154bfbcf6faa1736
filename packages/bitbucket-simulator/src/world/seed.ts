/**
 * Grows a workspace from its size and a seed. The same slug, size and seed give the same workspace, down to
 * uuids and instants: nothing here reads a clock. The shape is that of real companies: access comes mostly
 * through groups, groups differ in size by an order of magnitude, a few people hold grants without being
 * members, and one account is a machine.
 */
import { defaultConsumerKey, findConsumer, putConsumer } from './consumers.ts'
import { instantOf, projectKeyOf, slugOf, unusedName } from './names.ts'
import type { WorkspaceOptions } from './options.ts'
import type { Group, Level, OwnedConsumer, User, Workspace, World } from './types.ts'
import { createVocabulary, languages, type Vocabulary } from './vocabulary.ts'
import { addProject, addRepository, addUser, addWorkspace } from './world.ts'

const foundedAtMs = Date.UTC(2019, 0, 7, 9)
const grownAtMs = Date.UTC(2026, 0, 5, 9)

/** Why the world has no room for the workspace: its slug or its consumer's key is taken. */
export function findConflict(world: World, { slug, consumer }: WorkspaceOptions): string | undefined {
  if (slug !== undefined && world.workspacesBySlug.has(slug)) return `there is a workspace ${slug} already`
  const key = consumer?.key
  return key !== undefined && findConsumer(world, key) ? `there is a consumer ${key} already` : undefined
}

/** Adds the workspace that these options describe, with its first consumer; a slug that is not given is made up, and free. */
export function seedWorkspace(world: World, options: WorkspaceOptions): OwnedConsumer {
  const name = options.name ?? createVocabulary('company', options.seed).company()
  const isTaken = (candidate: string) => world.workspacesBySlug.has(slugOf(candidate))
  const slug = options.slug ?? slugOf(unusedName(() => name, isTaken))
  const workspace = addWorkspace(world, slug, name, options.seed, foundedAtMs)
  const vocabulary = createVocabulary('workspace', slug, options.seed)

  const people = growPeople(workspace, options.users, vocabulary)
  growGroups(workspace, options.groups, people, vocabulary)
  growProjects(workspace, options.projects, vocabulary)
  growRepositories(workspace, options.repositories, vocabulary)
  const density = densityOf(options)
  grantToGroups(workspace, density.groups, vocabulary)
  grantToUsers(workspace, people, density.users, vocabulary)
  if (options.users >= 5) grantToOutsiders(workspace, vocabulary)

  Object.assign(workspace, options.settings)
  const { key = defaultConsumerKey(workspace), ...settings } = options.consumer ?? {}
  return { workspace, consumer: putConsumer(world, workspace, key, settings) }
}

function growPeople(workspace: Workspace, count: number, vocabulary: Vocabulary): User[] {
  const ownerCount = Math.min(count, 1 + Math.floor(count / 15), 3)
  const people: User[] = []
  for (let index = 0; index < count; index++) {
    const isMachine = count >= 5 && index === count - 1
    const addedAtMs = instantAt(index, count, vocabulary)
    const person = isMachine ? { displayName: 'Release Bot', nickname: null } : vocabulary.person()
    const user = addUser(workspace, {
      ...person,
      type: isMachine ? 'app_user' : 'user',
      createdOn: instantOf(addedAtMs),
    })
    user.has2fa = [true, false, null][index % 3] ?? null
    // Some accounts come without the id that Atlassian gives to all others.
    if (count >= 20 && index === count - 2) user.accountId = null
    const lastAccessed = instantOf(vocabulary.faker.number.int({ min: addedAtMs, max: grownAtMs }))
    workspace.members.set(user.uuid, {
      permission: index < ownerCount ? 'owner' : 'member',
      addedOn: user.createdOn,
      lastAccessed,
    })
    people.push(user)
  }
  return people
}

function growGroups(workspace: Workspace, count: number, people: readonly User[], vocabulary: Vocabulary): void {
  const { faker } = vocabulary
  const isTaken = (name: string) => workspace.groups.has(slugOf(name))
  const owners = people.filter(({ uuid }) => workspace.members.get(uuid)?.permission === 'owner')
  for (let index = 0; index < count; index++) {
    const name = ['Administrators', 'Developers'][index] ?? unusedName(vocabulary.group, isTaken)
    const share = [0.03, 0.6][index] ?? faker.helpers.arrayElement([0, 0.02, 0.05, 0.05, 0.1, 0.3])
    const size = share === 0 ? 0 : Math.max(1, Math.round(people.length * share))
    const members =
      index === 0
        ? [...owners, ...faker.helpers.arrayElements(people, size)]
        : faker.helpers.arrayElements(people, size)
    const permission: Group['permission'] =
      (['admin', 'write'] as const)[index] ?? faker.helpers.arrayElement([null, null, 'read', 'write'])
    const slug = slugOf(name)
    workspace.groups.set(slug, { slug, name, permission, memberUuids: new Set(members.map(({ uuid }) => uuid)) })
  }
}

function growProjects(workspace: Workspace, count: number, vocabulary: Vocabulary): void {
  const names = new Set<string>()
  for (let index = 0; index < count; index++) {
    const name = unusedName(vocabulary.project, (candidate) => names.has(candidate))
    names.add(name)
    addProject(workspace, {
      key: projectKeyOf(name, (key) => workspace.projectsByKey.has(key)),
      name,
      description: vocabulary.faker.company.catchPhrase(),
      isPrivate: index % 4 !== 0,
      createdOn: instantOf(instantAt(index, count, vocabulary)),
    })
  }
}

function growRepositories(workspace: Workspace, count: number, vocabulary: Vocabulary): void {
  const { faker } = vocabulary
  const projects = [...workspace.projects.values()]
  const isTaken = (name: string) => workspace.repositoriesBySlug.has(slugOf(name))
  for (let index = 0; index < count; index++) {
    const name = unusedName(vocabulary.repository, isTaken)
    const project = projects[index] ?? faker.helpers.arrayElement(projects)
    addRepository(workspace, {
      slug: slugOf(name),
      name,
      // Bitbucket lets no public repository into a private project.
      isPrivate: project.isPrivate || (index > 0 && faker.datatype.boolean(0.7)),
      projectUuid: project.uuid,
      language: faker.helpers.arrayElement(languages),
      size: faker.number.int({ min: 20_000, max: 90_000_000 }),
      createdOn: instantOf(instantAt(index, count, vocabulary)),
    })
  }
}

/** Grants of one kind on a repository: the share of repositories that have none, and how many the others have at most. */
interface Density {
  readonly none: number
  readonly atMost: number
}

function densityOf({ grantsPerRepository: mean }: WorkspaceOptions): Record<'users' | 'groups', Density> {
  if (mean === undefined) return { groups: { none: 0.25, atMost: 3 }, users: { none: 0.6, atMost: 3 } }
  const ofGroups = Math.round(mean / 5)
  return { groups: { none: 0, atMost: 2 * ofGroups }, users: { none: 0, atMost: 2 * (mean - ofGroups) } }
}

function grantToGroups(workspace: Workspace, { none, atMost }: Density, vocabulary: Vocabulary): void {
  const { faker } = vocabulary
  const slugs = [...workspace.groups.keys()]
  for (const { grants } of workspace.projects.values()) {
    if (workspace.groups.has('administrators')) grants.groups.set('administrators', 'admin')
    for (const slug of someOf(vocabulary, slugs, 4)) {
      if (!grants.groups.has(slug)) grants.groups.set(slug, levelFor(vocabulary, 'create-repo'))
    }
  }
  for (const { grants } of workspace.repositories.values()) {
    if (faker.datatype.boolean(none)) continue
    for (const slug of someOf(vocabulary, slugs, atMost)) grants.groups.set(slug, levelFor(vocabulary))
  }
}

function grantToUsers(
  workspace: Workspace,
  people: readonly User[],
  { none, atMost }: Density,
  vocabulary: Vocabulary,
): void {
  for (const { grants } of workspace.projects.values()) {
    for (const { uuid } of someOf(vocabulary, people, 2)) grants.users.set(uuid, levelFor(vocabulary, 'create-repo'))
  }
  for (const { grants } of workspace.repositories.values()) {
    if (vocabulary.faker.datatype.boolean(none)) continue
    for (const { uuid } of someOf(vocabulary, people, atMost)) grants.users.set(uuid, levelFor(vocabulary))
  }
}

function grantToOutsiders(workspace: Workspace, vocabulary: Vocabulary): void {
  const repositories = [...workspace.repositories.values()]
  if (repositories.length === 0) return
  const count = Math.min(5, 1 + Math.floor(workspace.members.size / 30))
  for (let index = 0; index < count; index++) {
    const user = addUser(workspace, { ...vocabulary.person(), type: 'user', createdOn: instantOf(grownAtMs + index) })
    // Who closes the account is shown in grants for some time yet.
    if (workspace.members.size >= 20 && index === 0) user.status = 'closed'
    const count = vocabulary.faker.number.int({ min: 1, max: 3 })
    for (const { grants } of vocabulary.faker.helpers.arrayElements(repositories, count)) {
      grants.users.set(user.uuid, levelFor(vocabulary))
    }
  }
}

function levelFor({ faker }: Vocabulary, also?: Level): Level {
  return faker.helpers.weightedArrayElement<Level>([
    { weight: 9, value: 'write' },
    { weight: 7, value: 'read' },
    { weight: 2, value: 'admin' },
    { weight: 1, value: also ?? 'read' },
  ])
}

function someOf<T>({ faker }: Vocabulary, items: readonly T[], atMost: number): T[] {
  return faker.helpers.arrayElements(items, Math.min(items.length, faker.number.int({ min: 0, max: atMost })))
}

/** Spreads `count` instants over the company's life: strictly rising with the index, but not evenly. */
function instantAt(index: number, count: number, { faker }: Vocabulary): number {
  const stepMs = Math.floor((grownAtMs - foundedAtMs) / (count + 1))
  return foundedAtMs + stepMs * (index + 1) + faker.number.int({ min: 0, max: Math.floor(stepMs / 2) })
}
