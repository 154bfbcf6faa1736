import { inspect } from 'node:util'
import type { z } from 'zod'
import { InvariantError } from './errors.ts'

/** A value that must not be seen: it prints, serialises and logs as `[redacted]`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}

/** What a secret holds as JSON. @throws InvariantError when it is something else: the parser's own words would quote it */
export function parseSecret<Schema extends z.ZodType>(schema: Schema, secret: Secret): z.output<Schema> {
  const parsed = schema.safeParse(toJson(secret.reveal()))
  if (!parsed.success) throw new InvariantError('A secret is not what is expected at its place')
  return parsed.data
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
