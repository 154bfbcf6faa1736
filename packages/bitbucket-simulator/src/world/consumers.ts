import { tokenOf } from './names.ts'
import { type ConsumerSettings, readerScopes } from './options.ts'
import type { Consumer, Workspace, World } from './types.ts'

/** The consumer of that key with the workspace that owns it; keys are unique in the whole world. */
export function findConsumer(world: World, key: string): { consumer: Consumer; workspace: Workspace } | undefined {
  for (const workspace of world.workspaces.values()) {
    const consumer = workspace.consumers.get(key)
    if (consumer !== undefined) return { consumer, workspace }
  }
  return undefined
}

/** Changes the workspace's consumer of that key; one that is absent begins private, with all a reader needs. */
export function putConsumer(workspace: Workspace, key: string, settings: ConsumerSettings): Consumer {
  const consumer = workspace.consumers.get(key) ?? {
    key,
    secret: tokenOf(76, 'secret', workspace.uuid, key),
    scopes: readerScopes,
    private: true,
    callbackUrl: 'https://consumer.example/callback',
  }
  if (settings.secret !== undefined) consumer.secret = settings.secret
  if (settings.scopes !== undefined) consumer.scopes = settings.scopes
  if (settings.private !== undefined) consumer.private = settings.private
  if (settings.callbackUrl !== undefined) consumer.callbackUrl = settings.callbackUrl
  workspace.consumers.set(key, consumer)
  return consumer
}

/** The key of a workspace's first consumer when nobody named one; as long as Bitbucket's keys are since 2026. */
export function defaultConsumerKey(workspace: Workspace): string {
  return tokenOf(32, 'key', workspace.uuid)
}
