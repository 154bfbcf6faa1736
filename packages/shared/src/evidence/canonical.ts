import { InvariantError } from '../runtime/errors.ts'

/**
 * The one way to write a JSON value (RFC 8785): no white space, the members of an object sorted by the UTF-16 code units of
 * their names, strings and numbers as `JSON.stringify` writes them. Equal values give equal text, different ones different
 * text. A member that is `undefined` is left out, as in JSON.
 *
 * @throws InvariantError for what JSON cannot say: a number that is not finite, a function, a bigint, a symbol, or
 *   `undefined` anywhere but as a member.
 */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${toCanonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return JSON.stringify(value)
  }
  throw new InvariantError('A value has no canonical JSON', { type: typeof value })
}
