import type { Truth } from '@clarity/testkit/oracles/access'
import type { ApiAnswer } from './api-call.ts'

/**
 * Judges what one tenant is answered about another. It knows what the other one has from the simulated Bitbucket and from the ids
 * that the requests are made of, and nothing of how the API tells tenants apart.
 */

/** Shorter ones stand in any text by chance. */
const lengthMin = 4

/** Texts that only the first of two workspaces knows: ids and names of everything in it. */
export function marksOf(own: Truth, other: Truth, ids: readonly string[]): ReadonlySet<string> {
  const foreign = new Set(textsOf(other))
  const texts = textsOf(own).filter((text) => !foreign.has(text))
  return new Set([...ids, ...texts].filter((text) => text.length >= lengthMin))
}

function textsOf(truth: unknown): string[] {
  if (typeof truth === 'string') return [truth.replace(/^\{(.*)\}$/, '$1')]
  if (typeof truth !== 'object' || truth === null) return []
  return Object.values(truth).flatMap(textsOf)
}

/** Marks that are in an answer and were not in the request, as words of their own. */
export function findMarks({ text, headers }: ApiAnswer, marks: ReadonlySet<string>, sent: string): string[] {
  const all = `${text}\n${JSON.stringify(headers)}`
  return [...marks].filter((mark) => all.includes(mark) && !sent.includes(mark) && isWordOf(all, mark))
}

function isWordOf(text: string, word: string): boolean {
  const isPart = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) return true
  }
  return false
}

const comparedHeaders = ['content-type', 'etag', 'location', 'retry-after', 'data-coverage', 'data-observed-at']
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
/** Of requests, and of what a request makes. */
const newId = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=(?:syn|con|key|ver)_)[0-9a-f]{32}/g
const sequence = /"(sequence|last|next)":\d+/g

/**
 * What an answer says beside the ids that were asked for and what is new each time: two ids of which one exists somewhere else and
 * one nowhere must be answered alike.
 */
export function essenceOf({ status, headers, text }: ApiAnswer, asked: readonly string[]): string {
  const told = comparedHeaders.map((name) => `${name}: ${headers[name]}`).join('\n')
  const named = asked.reduce((all, id) => all.replaceAll(id, '<asked>'), `${told}\n${text}`)
  const plain = named.replaceAll(instant, '<time>').replaceAll(newId, '<new>').replaceAll(sequence, '"$1":<number>')
  return `${status}\n${plain}`
}
