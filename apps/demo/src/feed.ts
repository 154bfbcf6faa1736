import { type AccessEvent, type AccessState, applyEvent, createSubscriber, emptyState } from '@clarity/subscriber'

export interface Feed extends AsyncDisposable {
  readonly state: AccessState
  /** Shows every further event, with the state before it. */
  onEvent: (event: AccessEvent, state: AccessState) => void
  /** Resolves when the end of that sync is here, and with it all that it reports. */
  endOf(syncId: string): Promise<void>
}

/** Subscribes to the changes and keeps the state that they lead to, as Clarity would. */
export async function openFeed(brokers: readonly string[], topicPrefix: string, groupId: string): Promise<Feed> {
  const ended = new Set<string>()
  const waiting = new Map<string, () => void>()
  const onEvent = (event: AccessEvent) => {
    feed.onEvent(event, feed.state)
    applyEvent(feed.state, event)
    if (event.name !== 'sync.completed' && event.name !== 'sync.failed') return
    ended.add(event.subject)
    waiting.get(event.subject)?.()
  }
  const subscriber = createSubscriber({ brokers, topicPrefix, groupId, handlers: { onEvent }, handled: new Map() })
  const feed: Feed = {
    state: emptyState(),
    onEvent: () => undefined,
    endOf: async (syncId) => {
      if (!ended.has(syncId)) await new Promise<void>((resolve) => waiting.set(syncId, resolve))
    },
    [Symbol.asyncDispose]: () => subscriber.stop(),
  }
  await subscriber.start()
  return feed
}
