import { InputError } from '@clarity/shared/runtime/errors'
import type { FastifyInstance } from 'fastify'

/**
 * Whatever a caller writes may end in a name, in an event and in a database, and PostgreSQL holds no NUL, and UTF-8 no half of a
 * surrogate pair. So neither is let in anywhere: in a part of the path, in the query or at any depth of the body.
 */
export function addPlainText(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ params, query, body }) => {
    // What is signed comes as bytes, and is parsed by nobody but its own route.
    for (const given of [params, query, ArrayBuffer.isView(body) ? null : body]) {
      const field = findUnwritable(given)
      if (field !== null) throw notPlain(field)
    }
  })
}

/** The path of the first text that cannot be written; null when there is none. Bodies may be as deep as they are long. */
function findUnwritable(given: unknown): string | null {
  const left: { readonly path: string; readonly value: unknown }[] = [{ path: '', value: given }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { path, value } = next
    if (typeof value === 'string' && !isWritable(value)) return path === '' ? 'body' : path
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      if (!isWritable(name)) return path === '' ? 'body' : path
      left.push({ path: path === '' ? name : `${path}.${name}`, value: inner })
    }
  }
  return null
}

function isWritable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function notPlain(field: string): InputError {
  const message = 'has a NUL or half a character in it'
  const remedy = `Take it out of ${field}: it is part of no text.`
  return new InputError('invalid-request', `${field} ${message}`, { remedy, mistakes: [{ field, message, remedy }] })
}
