import { LaunchError } from '@clarity/launcher/errors'
import { callJson } from '@clarity/launcher/http'
import { z } from 'zod'

/** What the demo needs of the simulator's truth. */
const Truth = z.object({
  users: z.array(z.object({ uuid: z.string(), displayName: z.string() })),
  members: z.array(z.object({ userUuid: z.string() })),
  groups: z.array(z.object({ slug: z.string(), memberUuids: z.array(z.string()) })),
  repositories: z.array(
    z.object({
      uuid: z.string(),
      slug: z.string(),
      users: z.array(z.object({ userUuid: z.string(), permission: z.string() })),
    }),
  ),
})

/** Gives, joins and takes in the simulated Bitbucket, as its administrators would; says each in words. */
export async function changeAccess(bitbucketUrl: string, workspace: string): Promise<string[]> {
  const url = `${bitbucketUrl}/_control/workspaces/${workspace}`
  const truth = Truth.parse((await callJson(url)).body)
  const nameOf = (uuid: string) => truth.users.find((user) => user.uuid === uuid)?.displayName ?? uuid
  const memberUuids = truth.members.map(({ userUuid }) => userUuid)
  const [first, ...others] = truth.repositories
  const held = others.find(({ users }) => users.length > 0)
  const group = truth.groups.find(({ memberUuids: inside }) => memberUuids.some((uuid) => !inside.includes(uuid)))
  const taken = held?.users[0]
  const granted = memberUuids.find((uuid) => first?.users.every(({ userUuid }) => userUuid !== uuid))
  const joining = memberUuids.find((uuid) => group && !group.memberUuids.includes(uuid))
  if (!first || !held || !taken || !group || !granted || !joining) {
    throw new LaunchError('The simulated workspace is too small for the story')
  }
  const repository = (uuid: string) => ({ kind: 'repository', uuid })
  const changes = [
    {
      say: `${nameOf(granted)} is given admin on the repository ${first.slug}`,
      change: {
        type: 'grant',
        resource: repository(first.uuid),
        principal: { userUuid: granted },
        permission: 'admin',
      },
    },
    {
      say: `${nameOf(joining)} joins the group ${group.slug}`,
      change: { type: 'add-group-member', slug: group.slug, userUuid: joining },
    },
    {
      say: `${nameOf(taken.userUuid)} loses ${taken.permission} on the repository ${held.slug}`,
      change: { type: 'revoke', resource: repository(held.uuid), principal: { userUuid: taken.userUuid } },
    },
  ]
  for (const { change } of changes) {
    const { status, body } = await callJson(`${url}/changes`, { body: change })
    if (status >= 400) throw new LaunchError(`The simulator refused a change: ${JSON.stringify(body)}`)
  }
  return changes.map(({ say }) => say)
}
