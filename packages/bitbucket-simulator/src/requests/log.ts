/** One request to the API or for a token, as it was answered. */
export interface LoggedRequest {
  /** Counts all requests from 1. */
  readonly number: number
  /** ISO 8601, by the simulator's clock. */
  readonly at: string
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly endpoint: string
  /** Null when nothing was answered. */
  readonly status: number | null
  readonly durationMs: number
  /** The consumer's key or the token's name; never a secret. */
  readonly credential: string
  readonly workspace: string | null
  /** The types of the faults that it met. */
  readonly faults: readonly string[]
}

export interface RequestLog {
  add(request: Omit<LoggedRequest, 'number'>): void
  /** The requests after that number, oldest first. */
  read(after: number, limit: number): LoggedRequest[]
  clear(): void
}

/** Keeps the latest `capacity` requests. */
export function createRequestLog(capacity = 10_000): RequestLog {
  const ring: LoggedRequest[] = []
  let count = 0
  return {
    add(request) {
      ring[count % capacity] = { number: ++count, ...request }
    },
    read(after, limit) {
      const first = Math.max(after, count - ring.length)
      const last = Math.min(count, first + limit)
      return Array.from({ length: Math.max(0, last - first) }, (_, index) => ring[(first + index) % capacity]).filter(
        (request) => request !== undefined,
      )
    },
    clear() {
      ring.length = 0
      count = 0
    },
  }
}
