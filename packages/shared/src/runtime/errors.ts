import { type InputProblem, inputProblems } from './problem-table.ts'

/**
 * The errors of this system. Each class answers for itself whether trying again can help, and every
 * error tells the operator what to do. An error never holds a request, a response, a header or a
 * credential: the log prints every enumerable property of it.
 */

/** Ids that are safe to log and that say where it happened. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>

export interface ErrorDetails {
  /** What the reader can do about it, in one sentence. */
  readonly remedy: string
  readonly context?: ErrorContext
  readonly cause?: unknown
}

/** The base of all expected errors. An error that is not one of these is a defect and is not retryable. */
export abstract class KnownError extends Error {
  readonly code: string
  readonly remedy: string
  readonly context: ErrorContext
  abstract readonly retryable: boolean

  constructor(code: string, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.remedy = details.remedy
    this.context = details.context ?? {}
  }
}

/** One mistake in what an operator or a caller gave: which field, what is wrong, what to write instead. */
export interface Mistake {
  readonly field: string
  readonly message: string
  readonly remedy: string
}

/** The operator's configuration is wrong. Lists every mistake at once. */
export class ConfigError extends KnownError {
  readonly retryable = false
  readonly mistakes: readonly Mistake[]

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map((mistake) => `  ${mistake.field}: ${mistake.message}. ${mistake.remedy}`)
    super('config', `The configuration has ${mistakes.length} mistake(s):\n${lines.join('\n')}`, {
      remedy: 'Correct the variables named above and start again. docs/configuration.md describes each.',
    })
    this.mistakes = mistakes
  }
}

/** The caller's input is wrong, or names something that does not exist or is in the way. */
export class InputError extends KnownError {
  readonly retryable = false
  /** The HTTP status that the table of problems gives the code. */
  readonly status: number
  readonly mistakes: readonly Mistake[]

  constructor(code: InputProblem, message: string, details: ErrorDetails & { readonly mistakes?: readonly Mistake[] }) {
    super(code, message, details)
    this.status = inputProblems[code].status
    this.mistakes = details.mistakes ?? []
  }
}

/** Why Bitbucket did not give what was asked for. */
export type UpstreamKind = 'credential' | 'permission' | 'rate-limited' | 'unavailable' | 'contract'

/** Bitbucket refused, was away, or answered something that is not what it promises. Facts stay as they are. */
export class UpstreamError extends KnownError {
  readonly kind: UpstreamKind
  readonly retryable: boolean
  /** The HTTP status, or null when there was no answer. */
  readonly status: number | null
  /** The least time to wait before the next try, when Bitbucket said one. */
  readonly retryAfterMs: number | null

  constructor(
    kind: UpstreamKind,
    code: string,
    message: string,
    details: ErrorDetails & { readonly status?: number; readonly retryAfterMs?: number },
  ) {
    super(code, message, details)
    this.kind = kind
    this.retryable = kind === 'rate-limited' || kind === 'unavailable'
    this.status = details.status ?? null
    this.retryAfterMs = details.retryAfterMs ?? null
  }
}

export type Dependency = 'redis' | 'kafka' | 'token-issuer' | 'access-view'

/** Something that we need is away or refuses. Nothing is dropped; the work is tried again. */
export class DependencyError extends KnownError {
  readonly retryable = true
  readonly dependency: Dependency

  constructor(dependency: Dependency, message: string, details: ErrorDetails) {
    super(`${dependency}-unavailable`, message, details)
    this.dependency = dependency
  }
}

/** Somebody else holds the lease now. The work is let go; this fencing token is never tried again. */
export class FencedError extends KnownError {
  readonly retryable = false

  constructor(what: string, context: ErrorContext) {
    super('fenced', `The lease of ${what} is held by another owner`, {
      remedy: 'Nothing to do: the present owner carries on.',
      context,
    })
  }
}

/** Our own promise does not hold. The slice or shard stops and publishes nothing. */
export class InvariantError extends KnownError {
  readonly retryable = false

  constructor(message: string, context: ErrorContext = {}) {
    super('invariant', message, {
      remedy: 'This is a defect of the software: report it with the log lines around it.',
      context,
    })
  }
}

/** True when trying the same thing again later can help. An unknown error is not retryable. */
export function isRetryable(error: unknown): boolean {
  return error instanceof KnownError && error.retryable
}
