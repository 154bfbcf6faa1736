import { z } from 'zod'

/** An answer of the API that is an error; the envelope is made of it. */
export class ApiError extends Error {
  readonly status: number
  /** Text as the specification has it, or an object: scope failures really send one. */
  readonly detail: unknown

  constructor(status: number, message: string, detail?: unknown) {
    super(message)
    this.status = status
    this.detail = detail
  }
}

/** Bitbucket's error envelope. */
export function toEnvelope(message: string, detail?: unknown) {
  return { type: 'error', error: detail === undefined ? { message } : { message, detail } }
}

/** What Fastify throws at a request that it cannot read. */
const Unreadable = z.object({ statusCode: z.int().min(400).max(499), message: z.string() })

/** Status and message of an error that is none of ours: the client's fault when Fastify says so, else 500. */
export function toFailure(error: unknown): { readonly status: number; readonly message: string } {
  const { data } = Unreadable.safeParse(error)
  return data ? { status: data.statusCode, message: data.message } : { status: 500, message: String(error) }
}
