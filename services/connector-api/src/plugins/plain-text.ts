import { InputError, type Mistake } from '@clarity/shared/runtime/errors'
import type { FastifyInstance } from 'fastify'

/** Deeper than any body that an operation takes; whatever walks through one may count on it. */
const depthMax = 20

/**
 * Whatever a caller writes may end in a name, in an event and in a database, and PostgreSQL holds no NUL, and UTF-8 no half of a
 * surrogate pair. So neither is let in anywhere: in a part of the path, in the query or in the body, which is not deep either.
 */
export function addPlainText(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ params, query, body }) => {
    // What is signed comes as bytes, and is parsed by nobody but its own route.
    for (const given of [params, query, ArrayBuffer.isView(body) ? null : body]) {
      const mistake = findMistake(given)
      if (mistake !== null) throw notPlain(mistake)
    }
  })
}

const unwritable = 'has a NUL or half a character in it'
const tooDeep = `is nested deeper than ${depthMax} levels`

/** What is wrong with a text in it, or with itself; null when nothing is. */
function findMistake(value: unknown, path: readonly string[] = []): Mistake | null {
  if (typeof value === 'string') return isWritable(value) ? null : mistakeAt(path, unwritable)
  if (typeof value !== 'object' || value === null) return null
  if (path.length >= depthMax) return mistakeAt(path.slice(0, 1), tooDeep)
  for (const [name, inner] of Object.entries(value)) {
    const mistake = isWritable(name) ? findMistake(inner, [...path, name]) : mistakeAt(path, unwritable)
    if (mistake !== null) return mistake
  }
  return null
}

function mistakeAt(path: readonly string[], message: string): Mistake {
  const field = path.length === 0 ? 'body' : path.join('.')
  return { field, message, remedy: `Correct ${field} and send it again.` }
}

function isWritable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function notPlain(mistake: Mistake): InputError {
  const { field, message, remedy } = mistake
  return new InputError('invalid-request', `${field} ${message}`, { remedy, mistakes: [mistake] })
}
