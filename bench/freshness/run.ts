// What the strategies share: the world whose changes come as time goes by, the requests that take their share of the hour, and
// the record of how long each change waited for its event.

import { type Change, drawWeek, type Event, type FactKind } from './changes.ts'
import { RollingHour } from './hour.ts'
import { Random } from './random.ts'
import { World, type WorldSize } from './world.ts'

export interface Shape extends WorldSize {
  readonly requestsPerHour: number
}

export interface Found {
  readonly kind: FactKind
  /** From the change in Bitbucket to the commit of its event. */
  readonly seconds: number
}

/** Kept back for people who wait for an answer, by every strategy. */
const interactiveShare = 0.02
/** From one answer to the next; requests of one scope follow each other. */
const requestSeconds = 0.25

export const weekSeconds = 7 * 86_400

export class Run {
  readonly world: World
  readonly found: Found[] = []
  requests = 0
  /** Changes on repositories that left what everybody can do as it was, and those that did not. */
  readonly onRepositories = { hidden: 0, visible: 0 }
  /** Between two readings of the same repository, the longest. */
  longestUnread = 0
  now = 0
  readonly #random: Random
  readonly #hour: RollingHour
  readonly #events: Event[]
  readonly #waiting = new Map<string, { change: Change; at: number }[]>()
  #nextEvent = 0

  constructor(shape: Shape, seed: number) {
    const random = new Random(seed)
    this.world = new World(shape, random)
    this.#events = drawWeek(this.world, random)
    this.#random = random
    this.#hour = new RollingHour(shape.requestsPerHour * (1 - interactiveShare))
  }

  /** All changes have happened and all of them were told. */
  get finished(): boolean {
    return this.#nextEvent === this.#events.length && this.#waiting.size === 0
  }

  /** One request: waits for room in the hour and for the answer. */
  request(): void {
    this.now = this.#hour.take(this.now) + requestSeconds
    this.requests++
    this.happen()
  }

  /** Reads a scope, twice when something is missing, and tells of what changed before the reading began. */
  read(scopeId: string, requests: number): void {
    this.happen()
    const startedAt = this.now
    const waiting = this.#waiting.get(scopeId) ?? []
    this.#waiting.delete(scopeId)
    const reads = waiting.some(({ change }) => change.removal) ? 2 : 1
    for (let request = 0; request < reads * requests; request++) this.request()
    for (const { change, at } of waiting) {
      if (at > startedAt) throw new Error('A change was told before it happened')
      this.found.push({ kind: change.kind, seconds: this.now - at })
    }
  }

  /** Nothing to do until then. */
  waitUntil(at: number): void {
    this.now = Math.max(this.now, at)
    this.happen()
  }

  /** Applies what happens in Bitbucket up to now. */
  happen(): void {
    for (let event = this.#events[this.#nextEvent]; event !== undefined && event.at <= this.now; ) {
      for (const change of event.apply(this.world, this.#random)) {
        if (change.hidden !== undefined) this.onRepositories[change.hidden ? 'hidden' : 'visible']++
        const waiting = this.#waiting.get(change.scopeId) ?? []
        if (waiting.length === 0) this.#waiting.set(change.scopeId, waiting)
        waiting.push({ change, at: event.at })
      }
      event = this.#events[++this.#nextEvent]
    }
  }
}

export function pages(rows: number): number {
  return Math.max(1, Math.ceil(rows / 100))
}

/** What it takes to read each of the lists. */
export function listCosts({ size }: World): Record<'members' | 'groups' | 'projects' | 'repositories', number> {
  return {
    members: pages(size.members) + 1,
    groups: 1,
    projects: pages(size.projects),
    repositories: pages(size.repositories),
  }
}
