import type { Clock } from './clock.ts'
import { isRetryable, UpstreamError } from './errors.ts'

/** How often and how patiently something is tried again. A policy is data. */
export interface RetryPolicy {
  readonly initialMs: number
  readonly maxMs: number
  readonly factor: number
  /** Tries in all, the first included. */
  readonly attempts: number
}

export interface RetryContext {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly signal?: AbortSignal
  /** Told before each wait. */
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void
}

/**
 * The wait before the next try: full jitter below an exponential cap, never less than `floorMs`
 * (what the other side asked for). `attempt` counts from 1.
 */
export function delayBeforeRetry(policy: RetryPolicy, attempt: number, random: number, floorMs = 0): number {
  const cap = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (attempt - 1))
  return Math.max(floorMs, Math.round(cap * random))
}

/** Runs `work` until it succeeds, fails for good, or the policy's attempts are used up; throws the last error. */
export async function retry<T>(
  policy: RetryPolicy,
  context: RetryContext,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      context.signal?.throwIfAborted()
      if (!isRetryable(error) || attempt >= policy.attempts) throw error
      const floorMs = error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0
      // Somebody who asks for more patience than the policy has is not worth holding a slot for.
      if (floorMs > policy.maxMs) throw error
      const delayMs = delayBeforeRetry(policy, attempt, context.random(), floorMs)
      context.onRetry?.(error, attempt, delayMs)
      await context.clock.sleep(delayMs, context.signal)
    }
  }
}
