import type { ApiAnswer } from './api-call.ts'

/**
 * Judges what the API answers to what nobody should send: never an error of its own, and every refusal a problem document that says
 * what to mend, without anything of how we are made, and without the secrets that were sent.
 */

export interface Sent {
  /** The field that is wrong, as problem documents name it; empty: any may be named; null: it is no field. */
  readonly field: string | null
  /** What was sent where secrets belong. */
  readonly secrets: readonly string[]
}

const texts = ['type', 'title', 'detail', 'remedy', 'requestId'] as const
const ofOurs =
  /\\n\s+at |node_modules|file:\/\/(?!\/etc\/passwd)|\/src\/|\.[cm]?[tj]s:\d+|(?:Type|Reference|Range|Syntax|Zod)Error\b|kysely|pglite|ioredis/i
/** A shorter one stands in many texts by chance. */
const secretLengthMin = 8

/** All that is wrong with an answer; none when nothing is. */
export function findFaults({ status, headers, text }: ApiAnswer, { field, secrets }: Sent): string[] {
  const faults: string[] = []
  const told = secrets.filter((secret) => secret.length >= secretLengthMin && tells(text, secret))
  if (told.length > 0) faults.push('it repeats a secret')
  if (ofOurs.test(text) && status >= 400) faults.push(`it tells how we are made: ${ofOurs.exec(text)?.[0]}`)
  if (status < 400) return faults
  if (status >= 500) faults.push(`it is an error of ours: ${status}`)
  if (!String(headers['content-type']).startsWith('application/problem+json')) faults.push('it is no problem document')
  const problem = parse(text)
  for (const name of texts) if (!isText(problem[name])) faults.push(`${name} is missing`)
  if (problem.status !== status) faults.push(`it says ${problem.status} in a ${status}`)
  if (problem.requestId !== headers['x-request-id']) faults.push('the header has another request id')
  if (status === 400 && field !== null && !names(problem.errors, field)) faults.push(`errors do not name ${field}`)
  return faults
}

function tells(text: string, secret: string): boolean {
  return text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1))
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** A field is named by itself, by something within it, or by what it is in. */
function names(errors: unknown, field: string): boolean {
  if (!Array.isArray(errors)) return false
  return errors.some((error: unknown) => {
    const { field: named, message, remedy } = Object(error) as Readonly<Record<string, unknown>>
    if (!isText(named) || !isText(message) || !isText(remedy)) return false
    return (
      field === '' || named === 'body' || `${field}.`.startsWith(`${named}.`) || `${named}.`.startsWith(`${field}.`)
    )
  })
}
