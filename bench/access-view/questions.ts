import { accessOfUser } from '@clarity/access-view/questions/access-of-user'
import { changesBetween } from '@clarity/access-view/questions/changes-between'
import { createCounts } from '@clarity/access-view/questions/counts'
import { entitlements } from '@clarity/access-view/questions/entitlements'
import { events } from '@clarity/access-view/questions/events'
import { grants } from '@clarity/access-view/questions/grants'
import { resources } from '@clarity/access-view/questions/resources'
import { serviceUsers } from '@clarity/access-view/questions/service-users'
import { explain, whoCan } from '@clarity/access-view/questions/who-can'
import type { Tables } from '@clarity/access-view/tables'
import { AccessIndex } from '@clarity/shared/access/effective'
import { EntitlementId, GroupMembershipId, nestingId, ServiceUserId } from '@clarity/shared/contract/ids'
import type { Kysely } from 'kysely'
import { connectionId, tenantId, type World, type WorldOptions } from './world.ts'

const rounds = 60
const whose = { tenantId, connectionId }

/** The other way: all facts of the connection in the memory of the process, and the access index over them. */
export async function measureIndex(db: Kysely<Tables>, world: World, say: (line: string) => void): Promise<void> {
  const startedAt = performance.now()
  const grants = await db.selectFrom('grants').select(['service_user_id', 'resource', 'level']).execute()
  const nestings = await db.selectFrom('nestings').select(['container', 'resource', 'level']).execute()
  const index = new AccessIndex(
    grants.map(({ service_user_id, resource, level }) => ({
      serviceUserId: ServiceUserId.parse(service_user_id),
      entitlementId: EntitlementId.parse(`${resource}#${level}`),
    })),
    nestings.map(({ container, resource, level }) => {
      const [group, contained] = [
        GroupMembershipId.parse(`${container}#member`),
        EntitlementId.parse(`${resource}#${level}`),
      ]
      return { id: nestingId(group, contained), container: group, contained }
    }),
  )
  const built = performance.now()
  for (let round = 0; round < rounds; round++) {
    index.levelsOn({ id: world.repository(round), parent: world.project(round % 200) })
  }
  const eachMs = (performance.now() - built) / rounds
  say(
    `\nAn access index over all facts: ${Math.round(built - startedAt)} ms to read and build; then ${eachMs.toFixed(1)} ms for the levels on a repository`,
  )
}

/** Milliseconds of each of some questions for the people of a repository, of which so many are there, in a view that is in use. */
export async function measureWhoCan(db: Kysely<Tables>, world: World, repositories: number): Promise<number[]> {
  const ask = (round: number) => whoCan(db, { ...whose, resource: world.repository((round * 733) % repositories) })
  // Others, asked before: the first questions of all wait for plans and pages, and there are few of them in a day.
  for (let round = 0; round < rounds; round++) await ask(5 * rounds + round)
  const times: number[] = []
  for (let round = 0; round < 5 * rounds; round++) {
    const startedAt = performance.now()
    await ask(round)
    times.push(performance.now() - startedAt)
  }
  return times
}

/** Asks each question again and again, about others each time, and prints the median and the 95th percentile. */
export async function measureQuestions(
  db: Kysely<Tables>,
  world: World,
  { users, repositories, projects }: WorldOptions,
  say: (line: string) => void,
): Promise<void> {
  // Never the owners of the workspace, but where it says so.
  const user = (round: number) => world.user(5 + ((round * 37) % (users - 5)))
  const repository = (round: number) => world.repository((round * 733) % repositories)
  const { sequence } = await createCounts()(db, whose)
  const half = { sequence: Math.round(sequence / 2) }
  const questions: Readonly<Record<string, (round: number) => Promise<unknown>>> = {
    'a person: first page, by name': (round) => accessOfUser(db, { ...whose, serviceUserId: user(round) }),
    'a person: highest levels first': (round) =>
      accessOfUser(db, { ...whose, serviceUserId: user(round), sort: 'level' }),
    'a person, half the events ago': (round) => accessOfUser(db, { ...whose, serviceUserId: user(round), asOf: half }),
    'an owner of the workspace': (round) => accessOfUser(db, { ...whose, serviceUserId: world.user(round % 5) }),
    'a repository: its people': (round) => whoCan(db, { ...whose, resource: repository(round) }),
    'a repository: administrators': (round) => whoCan(db, { ...whose, resource: repository(round), atLeast: 'admin' }),
    'a project: its people': (round) => whoCan(db, { ...whose, resource: world.project(round % projects) }),
    'one person on one repository': (round) =>
      explain(db, { ...whose, serviceUserId: user(round), resource: repository(round) }),
    'search for people': (round) => serviceUsers(db, { ...whose, search: `dora ${round}` }),
    'people with privileges': () => serviceUsers(db, { ...whose, privileged: true }),
    'search for entitlements': (round) => entitlements(db, { ...whose, search: `service ${round * 7}` }),
    'repositories, with counts of people': () => resources(db, { ...whose, kind: 'repository' }),
    'search for repositories': (round) =>
      resources(db, { ...whose, kind: 'repository', search: `service ${round * 700}` }),
    'grants of a person': (round) => grants(db, { ...whose, serviceUserId: user(round) }),
    'privileged grants': () => grants(db, { ...whose, privileged: true }),
    'grants beside another path': () => grants(db, { ...whose, otherPath: true }),
    'events of a person, newest first': (round) =>
      events(db, { ...whose, serviceUserId: user(round), order: 'newest-first' }),
    'events after a number': (round) => events(db, { ...whose, after: round * 1_000, limit: 200 }),
    'changes of the last 1,000 events': () => changesBetween(db, { ...whose, from: { sequence: sequence - 1_000 } }),
    'counts of everything, for the first time': () => createCounts()(db, whose),
  }
  say('\n| question | median, ms | 95th percentile, ms |\n|---|---|---|')
  for (const [name, ask] of Object.entries(questions)) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      await ask(round)
      times.push(performance.now() - startedAt)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => (times[Math.floor(rounds * share)] ?? 0).toFixed(1)
    say(`| ${name} | ${at(0.5)} | ${at(0.95)} |`)
  }
}
