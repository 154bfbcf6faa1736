import { z } from 'zod'

export interface ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** `text` answers the bare message as text/plain. */
  readonly form?: 'json' | 'text'
  /** Endpoint-specific data, inside the error. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** An answer of the API that is an error; the envelope is made of it. */
export class ApiError extends Error {
  readonly status: number
  /** Text as the specification has it, or an object: scope failures really send one. */
  readonly detail: unknown
  readonly options: ErrorOptions

  constructor(status: number, message: string, detail?: unknown, options: ErrorOptions = {}) {
    super(message)
    this.status = status
    this.detail = detail
    this.options = options
  }
}

/** An answer that sends the client to another path of the API. */
export class Redirect extends Error {
  readonly location: string

  constructor(location: string) {
    super('moved')
    this.location = location
  }
}

/** Bitbucket's error envelope. */
export function toEnvelope(message: string, detail?: unknown, data?: ErrorOptions['data']) {
  const error = { message, ...(detail === undefined ? {} : { detail }), ...(data === undefined ? {} : { data }) }
  // Bitbucket repeats the data beside the error.
  return { type: 'error', error, ...(data === undefined ? {} : { data }) }
}

/** What Fastify throws at a request that it cannot read. */
const Unreadable = z.object({ statusCode: z.int().min(400).max(499), message: z.string() })

/** Status and message of an error that is none of ours: the client's fault when Fastify says so, else 500. */
export function toFailure(error: unknown): { readonly status: number; readonly message: string } {
  const { data } = Unreadable.safeParse(error)
  return data ? { status: data.statusCode, message: data.message } : { status: 500, message: String(error) }
}
