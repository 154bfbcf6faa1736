import { tokenOf } from './names.ts'
import { type ConsumerSettings, readerScopes } from './options.ts'
import type { Consumer, OwnedConsumer, Workspace, World } from './types.ts'

/** The consumer of that key with the workspace that owns it. */
export function findConsumer(world: World, key: string): OwnedConsumer | undefined {
  return world.consumers.get(key)
}

/** Changes the workspace's consumer of that key; one that is absent begins private, with all a reader needs. */
export function putConsumer(world: World, workspace: Workspace, key: string, settings: ConsumerSettings): Consumer {
  const consumer = world.consumers.get(key)?.consumer ?? {
    key,
    secret: tokenOf(76, 'secret', workspace.uuid, key),
    scopes: readerScopes,
    private: true,
    callbackUrl: 'https://consumer.example/callback',
    administrator: true,
  }
  Object.assign(consumer, settings)
  world.consumers.set(key, { consumer, workspace })
  return consumer
}

/** The key of a workspace's first consumer when nobody named one; as long as Bitbucket's keys are since 2026. */
export function defaultConsumerKey(workspace: Workspace): string {
  return tokenOf(32, 'key', workspace.uuid)
}
