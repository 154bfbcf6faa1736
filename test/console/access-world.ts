import { setTimeout as delay } from 'node:timers/promises'
import type { Connector } from '@clarity/e2e/connector'
import type { Truth } from '@clarity/testkit/oracles/access'

/** Waits until the access view of a connection has all that was told of it so far. */
export async function untilKnown(api: Connector, connectionId: string): Promise<void> {
  const told = await api.call(`/v1/connections/${connectionId}/stream-verifications`, { text: 'until known' })
  const path = `/v1/connections/${connectionId}/counts?waitFor=${Object(told.body).sequence}`
  while ((await api.call(path)).status !== 200) await delay(100)
}

/** Every way of a person to a repository as a sentence, worked out from the truth of the simulator alone. */
export function waysInTruth(truth: Truth, userUuid: string, repositoryUuid: string): string[] {
  const found = truth.repositories.find(({ uuid }) => uuid === repositoryUuid)
  const project = truth.projects.find(({ uuid }) => uuid === found?.projectUuid)
  const person = truth.users.find(({ uuid }) => uuid === userUuid)?.displayName
  if (found === undefined || project === undefined) throw new Error('there is no such repository')
  const memberships = new Map(
    truth.groups.flatMap(({ slug, name, memberUuids }) =>
      memberUuids.includes(userUuid) ? [[slug, name] as const] : [],
    ),
  )
  const inside = `on the project ${project.name}, which ${found.name} is in.`
  const counts = (level: string) => (level === 'create-repo' ? ' On a repository that counts as write.' : '')
  const own = (of: typeof found | typeof project) => of.users.filter((holder) => holder.userUuid === userUuid)
  const byGroup = (of: typeof found | typeof project) => of.groups.filter(({ slug }) => memberships.has(slug))
  const isOwner = truth.members.some((member) => member.userUuid === userUuid && member.permission === 'owner')
  return [
    ...own(found).map(({ permission }) => `${person} directly holds ${permission} on ${found.name}.`),
    ...byGroup(found).map(
      ({ slug, permission }) =>
        `${person} is in the group ${memberships.get(slug)}, which holds ${permission} on ${found.name}.`,
    ),
    ...own(project).map(({ permission }) => `${person} holds ${permission} ${inside}${counts(permission)}`),
    ...byGroup(project).map(
      ({ slug, permission }) =>
        `${person} is in the group ${memberships.get(slug)}, which holds ${permission} ${inside}${counts(permission)}`,
    ),
    ...(isOwner ? [`${person} owns the workspace, and so administers everything in it.`] : []),
  ].toSorted()
}
