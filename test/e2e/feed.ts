import { type AccessEvent, type AccessState, applyEvent, createSubscriber, emptyState } from '@clarity/subscriber'

/** A subscriber that keeps every event and the state of every connection, from the topic alone. */
export class Feed implements AsyncDisposable {
  readonly events: AccessEvent[] = []
  readonly problems: string[] = []
  readonly topicPrefix: string
  readonly #states = new Map<string, AccessState>()
  readonly #waiting = new Set<() => void>()
  readonly #subscriber: ReturnType<typeof createSubscriber>

  constructor(options: {
    readonly brokers: readonly string[]
    readonly topicPrefix: string
    readonly groupId: string
  }) {
    this.topicPrefix = options.topicPrefix
    this.#subscriber = createSubscriber({
      ...options,
      handled: new Map(),
      handlers: {
        onEvent: (event) => this.#take(event),
        onGap: (gap) => void this.problems.push(`gap: ${gap.connectionId} ${gap.expected} ${gap.found}`),
        onInvalid: (reason) => void this.problems.push(`invalid: ${reason}`),
        onUnknown: ({ type }) => void this.problems.push(`unknown: ${type}`),
      },
    })
  }

  start(): Promise<void> {
    return this.#subscriber.start()
  }

  /** The state of a connection as of the end of a sync: its last event is a barrier. */
  async stateAfter(connectionId: string, syncId: string): Promise<AccessState> {
    await this.until((event) => event.subject === syncId && /^sync\.(completed|failed|cancelled)$/.test(event.name))
    return this.#stateOf(connectionId)
  }

  /** Waits for an event; at once when it was here already. */
  async until(matches: (event: AccessEvent) => boolean): Promise<void> {
    while (!this.events.some(matches)) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  /** The events of one sync, in order. */
  ofSync(syncId: string): AccessEvent[] {
    return this.events.filter((event) => event.correlationId === syncId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subscriber.stop()
  }

  #take(event: AccessEvent): void {
    this.events.push(event)
    try {
      applyEvent(this.#stateOf(event.connectionId), event)
    } catch (error) {
      this.problems.push(`${event.sequence} ${event.name}: ${String(error)}`)
    }
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  #stateOf(connectionId: string): AccessState {
    const state = this.#states.get(connectionId) ?? emptyState()
    this.#states.set(connectionId, state)
    return state
  }
}
