import { z } from 'zod'
import type { Truth } from '../index.ts'
import type { Bench } from './client.ts'

const User = z
  .object({
    uuid: z.string(),
    account_id: z.string().nullish(),
    display_name: z.string(),
    nickname: z.string().optional(),
    type: z.enum(['user', 'app_user']),
  })
  .transform(({ uuid, account_id, display_name, nickname, type }) => ({
    uuid,
    accountId: account_id ?? null,
    displayName: display_name,
    nickname: nickname ?? null,
    type,
  }))
type User = z.infer<typeof User>
const Level = z.enum(['read', 'write', 'create-repo', 'admin'])
const MemberRow = z.object({ user: User, permission: z.enum(['owner', 'member']) })
const UserRow = z.object({ user: User, permission: Level })
const GroupRow = z.object({ group: z.object({ slug: z.string() }), permission: Level })
const ProjectRow = z.object({ uuid: z.string(), key: z.string(), name: z.string(), is_private: z.boolean() })
const RepositoryRow = z.object({
  uuid: z.string(),
  slug: z.string(),
  name: z.string(),
  is_private: z.boolean(),
  project: z.object({ uuid: z.string() }),
})
const Groups = z.array(
  z.object({
    slug: z.string(),
    name: z.string(),
    permission: z.string().nullable(),
    members: z.array(z.object({ uuid: z.string() })),
  }),
)

type Read = Omit<Truth, 'uuid' | 'slug' | 'name'>

/** The truth of `acme` as a client sees it that knows the API only; users in the order of their uuids. */
export async function readOverApi(bench: Bench): Promise<Read> {
  const users = new Map<string, User>()
  const grantsAt = async (path: string) => {
    const userRows = z.array(UserRow).parse(await bench.list(`${path}/permissions-config/users`))
    const groupRows = z.array(GroupRow).parse(await bench.list(`${path}/permissions-config/groups`))
    for (const { user } of userRows) users.set(user.uuid, user)
    return {
      users: userRows.map(({ user, permission }) => ({ userUuid: user.uuid, permission })),
      groups: groupRows.map(({ group, permission }) => ({ slug: group.slug, permission })),
    }
  }
  const memberRows = z.array(MemberRow).parse(await bench.list('/2.0/workspaces/acme/permissions'))
  for (const { user } of memberRows) users.set(user.uuid, user)
  const projects: Truth['projects'][number][] = []
  for (const row of z.array(ProjectRow).parse(await bench.list('/2.0/workspaces/acme/projects'))) {
    const { is_private: isPrivate, ...rest } = row
    projects.push({ ...rest, isPrivate, ...(await grantsAt(`/2.0/workspaces/acme/projects/${row.key}`)) })
  }
  const repositories: Truth['repositories'][number][] = []
  for (const row of z.array(RepositoryRow).parse(await bench.list('/2.0/repositories/acme'))) {
    const { is_private: isPrivate, project, ...rest } = row
    const grants = await grantsAt(`/2.0/repositories/acme/${encodeURIComponent(row.uuid)}`)
    repositories.push({ ...rest, isPrivate, projectUuid: project.uuid, ...grants })
  }
  const groups = Groups.parse((await bench.get('/1.0/groups/acme')).body.items).map(({ members, ...group }) => ({
    ...group,
    memberUuids: members.map(({ uuid }) => uuid),
  }))
  const members = memberRows.map(({ user, permission }) => ({ userUuid: user.uuid, permission }))
  return { users: byUuid([...users.values()]), members, groups, projects, repositories }
}

/** The truth without what only the workspace itself shows, in the order of `readOverApi`. */
export function toComparable({ users, members, groups, projects, repositories }: Truth): Read {
  return { users: byUuid(users), members, groups, projects, repositories }
}

function byUuid(users: readonly User[]): User[] {
  return users.toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1))
}
