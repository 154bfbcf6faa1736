import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/**
 * What is done on behalf of which call, as W3C trace context says it: from the API through the queue to the record in Kafka.
 * It goes along by itself with whatever is called and awaited within `withTrace`.
 */
const storage = new AsyncLocalStorage<string>()

const form = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Runs `work` on behalf of a call. */
export function withTrace<Result>(traceparent: string, work: () => Result): Result {
  return storage.run(traceparent, work)
}

/** On behalf of whom we are called; undefined outside of any call. */
export function currentTrace(): string | undefined {
  return storage.getStore()
}

/** The trace that a caller is in, when that says so in the standard's form; else a new one. */
export function traceOf(header: string | undefined): string {
  if (header !== undefined && form.test(header)) return header
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
}
