import type { Era } from '../era.ts'
import { ApiError, Redirect, toEnvelope, toFailure } from './errors.ts'
import type { Json } from './json.ts'

/** An answer that is ready to be sent. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

/** An endpoint's answer where it is more than the body of a 200. */
export class Reply {
  readonly status: number
  readonly body: Json | undefined

  constructor(status: number, body?: Json) {
    this.status = status
    this.body = body
  }
}

export const jsonType = 'application/json; charset=utf-8'

export function toJsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': jsonType, ...headers }, payload: JSON.stringify(body) }
}

/** What an error answers; an error of the simulator itself is a 500 that says which. Old times knew JSON only. */
export function toErrorAnswer(error: unknown, era: Era = '2026'): Answer {
  if (error instanceof Redirect) return { ...toJsonAnswer(301, {}, { location: error.location }), payload: '' }
  if (!(error instanceof ApiError)) {
    const { status, message } = toFailure(error)
    return toJsonAnswer(status, toEnvelope(message))
  }
  const { form, headers, data } = error.options
  if (form !== 'text' || era === 'legacy')
    return toJsonAnswer(error.status, toEnvelope(error.message, error.detail, data), headers)
  return { status: error.status, headers: { 'content-type': 'text/plain', ...headers }, payload: error.message }
}

/** The page that an answer is, or null when it is no list; a copy that may be changed. */
export function readPage(answer: Answer): { values: unknown[]; [field: string]: unknown } | null {
  const body: unknown = JSON.parse(answer.payload)
  if (typeof body !== 'object' || body === null || !('values' in body) || !Array.isArray(body.values)) return null
  return { ...body, values: body.values }
}
