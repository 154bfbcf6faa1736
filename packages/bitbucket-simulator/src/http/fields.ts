/**
 * Bitbucket's partial responses, as its REST introduction has them. A comma list of paths: bare ones show only what they name,
 * `+` adds to the default, `-` drops from it, `*` stands for every field of its level. Terms work from left to
 * right, so that `-*,+uuid` leaves the uuid. Paths go through lists without an index. The list's envelope is an
 * object like any other: a whitelist that does not name `next` loses it.
 */
import { isList, isObject, type Json, type JsonObject, onRequest } from './json.ts'

type Draft = { [key: string]: Draft } | Draft[] | string | number | boolean | null
type DraftObject = { [key: string]: Draft }

interface Term {
  readonly drops: boolean
  readonly path: readonly string[]
}

/** What `fields` leaves of the object; null and empty leave it as it is. */
export function selectFields(source: JsonObject, fields: string | null): JsonObject {
  if (fields === null || fields === '') return source
  const terms = fields.split(',').filter((term) => term !== '')
  const isWhitelist = terms.some((term) => !/^[+-]/.test(term))
  const target = isWhitelist ? {} : copyObject(source)
  for (const term of terms.map(parseTerm)) {
    if (term.drops) drop(target, term.path)
    else addFields(source, target, term.path)
  }
  return target
}

function parseTerm(term: string): Term {
  return { drops: term.startsWith('-'), path: term.replace(/^[+-]/, '').split('.') }
}

function add(source: Json, target: Draft | undefined, path: readonly string[]): Draft {
  if (path.length === 0) return copy(source)
  if (isList(source)) {
    const before = Array.isArray(target) ? target : []
    return source.map((item, index) => add(item, before[index], path))
  }
  if (!isObject(source)) return source
  const into = isDraftObject(target) ? target : {}
  addFields(source, into, path)
  return into
}

function addFields(source: JsonObject, target: DraftObject, [name = '', ...rest]: readonly string[]): void {
  const all = { ...source, ...source[onRequest] }
  for (const key of name === '*' ? Object.keys(all) : [name]) {
    const value = Object.hasOwn(all, key) ? all[key] : undefined
    if (value !== undefined) target[key] = add(value, target[key], rest)
  }
}

function drop(target: Draft | undefined, path: readonly string[]): void {
  if (Array.isArray(target)) for (const item of target) drop(item, path)
  if (!isDraftObject(target)) return
  const [name = '', ...rest] = path
  for (const key of name === '*' ? Object.keys(target) : [name]) {
    if (rest.length === 0) delete target[key]
    else drop(target[key], rest)
  }
}

function copy(source: Json): Draft {
  if (isList(source)) return source.map(copy)
  return isObject(source) ? copyObject(source) : source
}

function copyObject(source: JsonObject): DraftObject {
  return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, copy(value)]))
}

function isDraftObject(value: Draft | undefined): value is DraftObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
