/**
 * What Bitbucket lets a credential cost: so many requests in any rolling hour, and, as reports of 2026 have it, so many
 * at the same time. Who is refused is not counted. A consumer or a person is told nothing beforehand; an access token
 * has its own, larger limit and hears of it in headers; who names no credential shares 60 an hour.
 */
import { z } from 'zod'
import type { SimulatorClock } from '../clock.ts'
import type { Caller } from '../credentials/caller.ts'
import { ApiError } from '../http/errors.ts'

export const LimitSettings = z.strictObject({
  /** Requests in a rolling hour per consumer or person; null for no limit at all, for nobody. */
  requestsPerHour: z.int().min(1).nullable(),
  /** Requests of one credential at the same time; null for no limit. */
  inFlight: z.int().min(1).nullable(),
  /** How the refusal reads: an error envelope, plain text, or a 403 that speaks of the limit. All three were seen. */
  form: z.enum(['json', 'text', 'forbidden']),
  /** Whether it says when to come back, which is neither documented nor seen. */
  retryAfter: z.boolean(),
})
export type LimitSettings = z.infer<typeof LimitSettings>

export const defaultLimits: LimitSettings = { requestsPerHour: 1000, inFlight: null, form: 'json', retryAfter: false }

export interface Limits {
  settings: LimitSettings
  /** Counts a request as under way until `leave`. */
  enter(credentialId: string): Entry
  /**
   * Counts the call and answers the headers that its answer carries.
   * @throws ApiError 429, or 403, when the hour is used up
   */
  admit(caller: Caller): Readonly<Record<string, string>>
  /** What refuses a request that has come in while too many were under way. */
  refuseBurst(): ApiError
  /** Gives every credential its whole hour back. */
  reset(): void
}

export interface Entry {
  /** Whether there was room for it. */
  readonly hasRoom: boolean
  leave(): void
}

const hourMs = 3_600_000
const anonymousPerHour = 60
const nearShare = 0.2

export function createLimits(clock: SimulatorClock, settings: LimitSettings = defaultLimits): Limits {
  const windows = new Map<string, RollingWindow>()
  const inFlight = new Map<string, number>()
  const windowOf = (id: string) => {
    const window = windows.get(id) ?? new RollingWindow()
    windows.set(id, window)
    window.forget(clock.now() - hourMs)
    return window
  }
  return {
    settings,
    enter(id) {
      const running = (inFlight.get(id) ?? 0) + 1
      inFlight.set(id, running)
      const leave = () => inFlight.set(id, (inFlight.get(id) ?? 1) - 1)
      return { hasRoom: this.settings.inFlight === null || running <= this.settings.inFlight, leave }
    },
    admit(caller) {
      const { requestsPerHour } = this.settings
      if (requestsPerHour === null) return {}
      const window = windowOf(caller.countedAs)
      const limit = hourlyLimit(caller, requestsPerHour)
      const waitMs = window.oldest === undefined ? hourMs : window.oldest + hourMs - clock.now()
      if (window.size >= limit) throw refusal(this.settings, headersFor(caller, limit, 0, waitMs), waitMs)
      window.add(clock.now())
      return headersFor(caller, limit, limit - window.size, waitMs)
    },
    refuseBurst() {
      return refusal(this.settings, {}, 1000)
    },
    reset: () => windows.clear(),
  }
}

/** The scaled limit of access tokens: ten more an hour for each paid seat above 100, up to 10,000. */
function hourlyLimit({ kind, workspace }: Caller, perHour: number): number {
  if (kind === 'anonymous') return Math.min(anonymousPerHour, perHour)
  if (kind !== 'access-token') return perHour
  return Math.min(10_000, perHour + 10 * Math.max(0, (workspace?.seats ?? 0) - 100))
}

function headersFor({ kind }: Caller, limit: number, left: number, resetMs: number): Record<string, string> {
  if (kind === 'access-token') {
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-resource': 'api',
      'x-ratelimit-nearlimit': String(left < limit * nearShare),
    }
  }
  if (kind !== 'anonymous') return {}
  return {
    'x-ratelimit-limit': `${limit}, ${limit};w=3600`,
    'x-ratelimit-remaining': String(left),
    // Seconds that are left, not an instant.
    'x-ratelimit-reset': String(Math.ceil(resetMs / 1000)),
  }
}

function refusal({ form, retryAfter }: LimitSettings, headers: Readonly<Record<string, string>>, waitMs: number) {
  const message = 'Rate limit for this resource has been exceeded'
  const more = retryAfter ? { 'retry-after': String(Math.ceil(waitMs / 1000)) } : {}
  return new ApiError(form === 'forbidden' ? 403 : 429, message, undefined, {
    headers: { ...headers, ...more },
    form: form === 'text' ? 'text' : 'json',
  })
}

/** The instants of what was let in, oldest first. */
class RollingWindow {
  #instants: number[] = []
  #first = 0

  get size(): number {
    return this.#instants.length - this.#first
  }

  get oldest(): number | undefined {
    return this.#instants[this.#first]
  }

  add(atMs: number): void {
    this.#instants.push(atMs)
  }

  /** Drops what is not later than that. */
  forget(untilMs: number): void {
    while ((this.oldest ?? Number.POSITIVE_INFINITY) <= untilMs) this.#first++
    if (this.#first < 1000) return
    this.#instants = this.#instants.slice(this.#first)
    this.#first = 0
  }
}
