import type { RunningSystem } from '@clarity/launcher/system'
import { changeAccess } from './changes.ts'
import { createConnector } from './connector.ts'
import { openFeed } from './feed.ts'
import type { Screen } from './screen.ts'

export interface StoryOptions {
  readonly system: RunningSystem
  readonly brokers: readonly string[]
  readonly groupId: string
  readonly tenant: { readonly name: string; readonly key: string }
  readonly workspace: { readonly slug: string; readonly consumer: { readonly key: string; readonly secret: string } }
  readonly screen: Screen
}

const eventsShownMax = 14

/** Connects a workspace, follows its first sync, changes access, and shows that just those changes arrive. */
export async function tellStory({ system, brokers, groupId, tenant, workspace, screen }: StoryOptions): Promise<void> {
  const connector = createConnector(system.apiUrl, tenant.key)
  await using feed = await openFeed(brokers, system.topic.replace(/\.changes$/, ''), groupId)

  screen.heading(`The tenant ${tenant.name} connects the workspace ${workspace.slug}: POST /v1/connections`)
  const { connection, sync } = await connector.connect({
    name: `Bitbucket ${workspace.slug}`,
    uniqueIdentifier: `bitbucket-${workspace.slug}`,
    workspace: workspace.slug,
    credential: { kind: 'oauth-consumer', ...workspace.consumer },
  })
  screen.line(`connection ${connection.id}; saving it started its first full sync`)

  screen.heading('First full sync')
  let shown = 0
  const first: (() => void)[] = []
  feed.onEvent = (event, state) => {
    if (!/^(connection|sync)\./.test(event.name) && shown++ < eventsShownMax)
      first.push(() => screen.event(event, state))
  }
  await connector.follow(sync, (progress) => screen.progress(progress))
  await feed.endOf(sync.id)

  screen.heading(`The first events on the topic ${system.topic}`)
  for (const show of first) show()
  screen.line(`... and ${Math.max(0, shown - eventsShownMax)} more. The topic now tells of ${countsOf(feed.state)}.`)

  screen.heading('Somebody changes access in Bitbucket')
  for (const change of await changeAccess(system.bitbucketUrl, workspace.slug)) screen.line(`• ${change}`)

  screen.heading('Sync again: just those changes arrive in Kafka')
  feed.onEvent = (event, state) => screen.event(event, state)
  const second = await connector.requestSync(connection.id)
  await connector.follow(second.sync, () => undefined)
  await feed.endOf(second.sync.id)
}

function countsOf(
  state: { readonly [Kind in 'serviceUsers' | 'entitlements' | 'grants' | 'nestings']: { size: number } },
): string {
  const { serviceUsers, entitlements, grants, nestings } = state
  return `${serviceUsers.size} service users, ${entitlements.size} entitlements, ${grants.size} grants, ${nestings.size} nestings`
}
