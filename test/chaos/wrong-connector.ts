import { callJson } from '@clarity/launcher/http'
import type { Truth } from '@clarity/testkit/oracles/access'
import { z } from 'zod'

/**
 * A connector as it must not be: it reads each list once, by its `next`, and believes whatever it gets. An error is a list
 * of nothing. What it would publish is what the oracles have to find fault with.
 */
export interface WrongConnector {
  readonly url: string
  readonly token: string
  readonly workspace: Pick<Truth, 'uuid' | 'slug' | 'name'>
  /** Called after each page, before the next one is asked for. */
  readonly onPage?: (url: string) => Promise<void>
}

const User = z.object({
  uuid: z.string(),
  account_id: z.string().nullish(),
  display_name: z.string(),
  nickname: z.string().nullish(),
  type: z.string().default('user'),
})
type User = z.infer<typeof User>
const Page = z.object({ values: z.array(z.unknown()), next: z.string().optional() })
const Permission = z.object({ permission: z.string() })
const UserRow = Permission.extend({ user: User })
const GroupRow = Permission.extend({ group: z.object({ slug: z.string() }) })
const ProjectRow = z.object({ uuid: z.string(), key: z.string(), name: z.string(), is_private: z.boolean() })
const RepositoryRow = ProjectRow.omit({ key: true }).extend({
  slug: z.string(),
  project: z.object({ uuid: z.string() }),
})
const GroupList = z.array(
  z.object({ slug: z.string(), name: z.string(), permission: z.string().nullable(), members: z.array(User) }),
)

/** Reads a whole workspace; answers what it takes for the truth. */
export async function readBelieving(connector: WrongConnector): Promise<Truth> {
  const { url, token, workspace } = connector
  const { slug } = workspace
  const users = new Map<string, User>()
  const meet = (user: User) => {
    users.set(user.uuid, user)
    return user.uuid
  }
  const list = <Row>(path: string, row: z.ZodType<Row>) => readList(connector, path, row)
  const readHolders = async (path: string) => ({
    users: (await list(`${path}/permissions-config/users`, UserRow)).map(({ user, permission }) => ({
      userUuid: meet(user),
      permission,
    })),
    groups: (await list(`${path}/permissions-config/groups`, GroupRow)).map(({ group, permission }) => ({
      slug: group.slug,
      permission,
    })),
  })
  const members = await list(`/2.0/workspaces/${slug}/permissions`, UserRow)
  const groups = GroupList.parse((await callJson(`${url}/1.0/groups/${slug}`, { bearer: token })).body)
  const projects: Truth['projects'][number][] = []
  for (const { is_private: isPrivate, ...row } of await list(`/2.0/workspaces/${slug}/projects`, ProjectRow)) {
    projects.push({ ...row, isPrivate, ...(await readHolders(`/2.0/workspaces/${slug}/projects/${row.key}`)) })
  }
  const repositories: Truth['repositories'][number][] = []
  for (const row of await list(`/2.0/repositories/${slug}`, RepositoryRow)) {
    const { is_private: isPrivate, project, ...rest } = row
    const holders = await readHolders(`/2.0/repositories/${slug}/${encodeURIComponent(row.uuid)}`)
    repositories.push({ ...rest, isPrivate, projectUuid: project.uuid, ...holders })
  }
  return {
    ...workspace,
    members: members.map(({ user, permission }) => ({ userUuid: meet(user), permission })),
    groups: groups.map(({ members: inGroup, ...group }) => ({ ...group, memberUuids: inGroup.map(meet) })),
    projects,
    repositories,
    users: [...users.values()].map(toTruthUser),
  }
}

async function readList<Row>(connector: WrongConnector, path: string, row: z.ZodType<Row>): Promise<Row[]> {
  const { url, token, onPage } = connector
  const rows: Row[] = []
  let next: string | undefined = `${url}${path}?pagelen=10`
  while (next !== undefined) {
    const { status, body } = await callJson(next, { bearer: token })
    const page: z.infer<typeof Page> = status === 200 ? Page.parse(body) : { values: [] }
    rows.push(...page.values.map((value) => row.parse(value)))
    await onPage?.(next)
    next = page.next
  }
  return rows
}

function toTruthUser({ uuid, account_id, display_name, nickname, type }: User): Truth['users'][number] {
  return { uuid, accountId: account_id ?? null, displayName: display_name, nickname: nickname ?? null, type }
}
