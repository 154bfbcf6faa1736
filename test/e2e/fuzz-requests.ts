import type { ApiCall } from './api-call.ts'
import type { ApiRequest } from './api-cases.ts'
import { type ApiOperation, type ApiParameter, toCall } from './api-document.ts'
import {
  type NastyValues,
  nastyBodies,
  nastyEncodings,
  nastyHeaders,
  nastyJson,
  nastyTexts,
  valuesFor,
} from './fuzz-values.ts'
import type { Sent } from './problem-judge.ts'

/** A request that differs from one that is in order in one thing. */
export interface Mutation extends Sent {
  /** What was done, for whoever reads of a failure. */
  readonly name: string
  readonly call: ApiCall
}

/** An operation with a request that is in order, and who sends it. */
export interface Target {
  readonly operation: ApiOperation
  readonly request: ApiRequest
  readonly bearer: string
}

const secretFields = /(?:secret|token|email|addresses)(?:\.\d+)?$/
/** Looks like one, is one of no kind that a field takes, and must be in no answer. */
export const secret = 's3cr3t-9f8e7d6c5b4a'
const secretValues = [
  `"${secret}"`,
  `"${secret} x"`,
  `"${secret}${'x'.repeat(2_000)}"`,
  `["${secret}"]`,
  `{"a":"${secret}"}`,
]
/** What waits when it is asked to: only what is refused is sent. */
const waiting = new Set(['wait', 'waitFor'])

/** Every way in which a request of the target is made wrong. */
export function mutate(target: Target): Mutation[] {
  return [
    ...mutatePath(target),
    ...mutateQuery(target),
    ...mutateHeaders(target),
    ...mutateFields(target),
    ...mutateBody(target),
    ...mutateMethod(target),
  ]
}

function changed(
  { operation, request, bearer }: Target,
  name: string,
  change: ApiRequest,
  field: string | null,
): Mutation {
  const call = toCall(operation, { ...request, ...change }, bearer)
  return { name: `${operation.id} ${name}`, field, secrets: [bearer], call }
}

function mutatePath(target: Target): Mutation[] {
  const { operation, request } = target
  const names = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name)
  return names.flatMap((name) => [
    ...valuesFor(nastyTexts, `${operation.id} ${name}`)
      .filter(isWellFormed)
      .map((value) => {
        return changed(target, `path ${name} = ${show(value)}`, { path: { ...request.path, [name]: value } }, null)
      }),
    ...valuesFor(nastyEncodings, `${operation.id} ${name}`).map((raw) => {
      const mutation = changed(
        target,
        `path ${name} as ${show(raw)}`,
        { path: { ...request.path, [name]: 'HERE' } },
        null,
      )
      return { ...mutation, call: { ...mutation.call, target: mutation.call.target.replace('HERE', raw) } }
    }),
  ])
}

/** One value of a field of the query, as a request. */
export function withQuery(target: Target, { name }: Pick<ApiParameter, 'name'>, value: string): Mutation {
  const mutation = changed(
    target,
    `query ${name} = ${show(value)}`,
    { query: without(target.request.query, name) },
    name,
  )
  return { ...mutation, call: addToQuery(mutation.call, `${name}=${encode(value)}`) }
}

function mutateQuery(target: Target): Mutation[] {
  const { operation, request } = target
  const parameters = operation.parameters.filter((one) => one.in === 'query')
  const { call } = changed(target, '', {}, null)
  const plain = (name: string, query: string): Mutation => ({
    ...{ name: `${operation.id} query ${name}`, field: null, secrets: [], call: addToQuery(call, query) },
  })
  return [
    ...['%', 'a=%', '=', '&&&', 'a[]=1&a[0]=2', '__proto__=1', 'constructor=1', `${'a=1&'.repeat(1_500)}`].map(
      (query) => plain(show(query), query),
    ),
    ...parameters.flatMap(({ name, required }) => [
      ...valuesFor(nastyTexts, `${operation.id} ${name}`)
        .filter((value) => !waiting.has(name) || !isWhole(value))
        .map((value) => withQuery(target, { name }, value)),
      ...['%', '%zz', '%ff', 'a%00'].map((raw) => plain(`${name} as ${raw}`, `${name}=${raw}`)),
      ...(waiting.has(name) ? [] : [plain(`${name} twice`, `${name}=1&${name}=2`), plain(`${name}[]`, `${name}[]=1`)]),
      ...(required ? [changed(target, `query without ${name}`, { query: without(request.query, name) }, name)] : []),
    ]),
  ]
}

/** Headers that no operation speaks of; each gets one of them. */
const otherHeaders: NastyValues = {
  always: [],
  shared: ['accept', 'traceparent', 'x-request-id', 'x-forwarded-for', 'origin', 'accept-encoding', 'expect'],
  shares: 7,
}

function mutateHeaders(target: Target): Mutation[] {
  const { operation } = target
  const names = operation.parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase())
  const { call } = changed(target, '', {}, null)
  const [other = ''] = valuesFor(otherHeaders, operation.id)
  const send = (name: string, ...values: readonly string[]): Mutation => ({
    name: `${operation.id} header ${name} = ${values.map(show)}`,
    field: null,
    secrets: [],
    call: { ...call, headers: [...withoutHeader(call.headers, name), ...values.flatMap((value) => [name, value])] },
  })
  return [
    ...[...names, other].flatMap((name) => [
      ...valuesFor(nastyHeaders, `${operation.id} ${name}`).map((value) => send(name, value)),
      send(name, 'a', 'b'),
    ]),
    ...[...valuesFor(nastyHeaders, operation.id), 'Basic YTpi', 'Bearer', 'Bearer  ', 'Bearer a b'].map((value) =>
      send('authorization', value),
    ),
    send('authorization'),
  ]
}

/** Fields of the body by their paths, those included that the request leaves out. */
export function bodyFields({ operation, request }: Target): string[] {
  return [...new Set([...schemaPaths(operation.body, ''), ...valuePaths(request.body, '')])].filter(
    (path) => path !== '',
  )
}

/** One value of a field of the body, as JSON. */
export function withField(target: Target, path: string, json: string): Mutation {
  const body = setAt(target.request.body, path.split('.'), marker)
  const text = JSON.stringify(body).replace(JSON.stringify(marker), () => json)
  // What a prototype is said to be, is refused before anybody looks at fields.
  const isRefusedWhole = /__proto__|constructor/.test(path) || /"(?:__proto__|constructor)":/.test(json)
  const mutation = changed(target, `body ${path} = ${show(json)}`, {}, isRefusedWhole ? null : knownPart(target, path))
  return { ...mutation, secrets: [target.bearer, secret], call: { ...mutation.call, body: text } }
}

/** The part of the path that was there, and the field after it: what is made on the way may lack something itself. */
function knownPart({ request }: Target, path: string): string {
  const names = path.split('.')
  const known = names.findIndex((_, index) => getAt(request.body, names.slice(0, index + 1).join('.')) === undefined)
  return known < 0 ? path : names.slice(0, known + 1).join('.')
}

function mutateFields(target: Target): Mutation[] {
  if (target.operation.body === null) return []
  const { operation } = target
  const valuesOf = (path: string) => [
    ...valuesFor(nastyTexts, `${operation.id} ${path}`).map((value) => JSON.stringify(value)),
    ...valuesFor(nastyJson, `${operation.id} ${path}`),
    ...(secretFields.test(path) ? secretValues : []),
  ]
  const fields = bodyFields(target)
  const missing = fields.map((path) => {
    const body = setAt(target.request.body, path.split('.'), undefined)
    // Without it another field may be wrong.
    return changed(target, `body without ${path}`, { body }, '')
  })
  const objects = ['', ...fields.filter((path) => typeof getAt(target.request.body, path) === 'object')]
  const further = objects.flatMap((path) =>
    ['surplus', '__proto__', 'constructor', 'a\0'].map((name) =>
      withField(target, path === '' ? name : `${path}.${name}`, '{"isAdmin":true}'),
    ),
  )
  return [
    ...fields.flatMap((path) => valuesOf(path).map((json) => withField(target, path, json))),
    ...missing,
    ...further,
  ]
}

function mutateBody(target: Target): Mutation[] {
  const { operation } = target
  if (operation.method === 'GET') return []
  const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'a', '']
  const charsets = ['application/json; charset=utf-16', 'application/json;;;', 'application/merge-patch+json']
  const { call } = changed(target, '', {}, null)
  const send = (name: string, headers: readonly string[], body: string | Buffer): Mutation => ({
    name: `${operation.id} ${name}`,
    field: null,
    secrets: [],
    call: { ...call, headers: [...withoutHeader(call.headers, 'content-type'), ...headers], body },
  })
  return [
    ...nastyBodies.map((body) => send(`body ${show(body)}`, ['content-type', 'application/json'], body)),
    ...[...types, ...charsets].map((type) => send(`as ${type}`, ['content-type', type], '{"a":1}')),
    send('without a type', [], '{"a":1}'),
    send('packed', ['content-type', 'application/json', 'content-encoding', 'gzip'], '{"a":1}'),
    send('as bytes', ['content-type', 'application/json'], Buffer.from([0x7b, 0xff, 0xfe, 0x80, 0x7d])),
    send('with an idempotency key and much depth', keyed(), `{"name":${'['.repeat(9_000)}${']'.repeat(9_000)}}`),
  ]
}

function keyed(): string[] {
  return ['content-type', 'application/json', 'idempotency-key', 'deep']
}

/** No DELETE, which would take away what all others need; and no HEAD, to which no document can be answered. */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'] as const

function mutateMethod(target: Target): Mutation[] {
  const { call } = changed(target, '', {}, null)
  // Bodies go along, so that what another method of the path takes is refused for what it is.
  return methods
    .filter((method) => method !== target.operation.method)
    .map((method) => ({
      name: `${target.operation.id} by ${method}`,
      field: null,
      secrets: [],
      call: { ...call, method },
    }))
}

const marker = 'HERE-IT-GOES'

function schemaPaths(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [path]
  const inner = (value: unknown, name: string) => schemaPaths(value, path === '' ? name : `${path}.${name}`)
  const { properties, items, oneOf, anyOf, allOf } = schema as Readonly<Record<string, unknown>>
  const choices = [oneOf, anyOf, allOf].flatMap((list) => (Array.isArray(list) ? list : []))
  return [
    path,
    ...Object.entries(Object(properties) as object).flatMap(([name, value]) => inner(value, name)),
    ...(items === undefined ? [] : inner(items, '0')),
    ...choices.flatMap((choice) => schemaPaths(choice, path)),
  ]
}

function valuePaths(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) => valuePaths(inner, path === '' ? name : `${path}.${name}`)),
  ]
}

function getAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => Object(inner)[name], value)
}

/** A copy in which that is at the path; what is missing on the way is made. */
function setAt(value: unknown, [name = '', ...rest]: readonly string[], set: unknown): unknown {
  const inner = rest.length === 0 ? set : setAt(Object(value)[name], rest, set)
  if (Array.isArray(value) || (typeof value !== 'object' && /^\d+$/.test(name))) {
    return Object.assign(Array.isArray(value) ? [...value] : [], { [name]: inner })
  }
  // By its entries, so that a field may be called __proto__.
  const entries = Object.entries(Object(value) as object).filter(([other]) => other !== name)
  return Object.fromEntries(inner === undefined ? entries : [...entries, [name, inner]])
}

function without(record: Readonly<Record<string, string>> = {}, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== name))
}

function withoutHeader(headers: readonly string[] = [], name: string): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== name)
}

function addToQuery(call: ApiCall, query: string): ApiCall {
  return { ...call, target: `${call.target}${call.target.includes('?') ? '&' : '?'}${query}` }
}

/** Halves of characters too, which `encodeURIComponent` refuses. */
function encode(value: string): string {
  if (value.isWellFormed()) return encodeURIComponent(value)
  return [...value].map((each) => (each.isWellFormed() ? encodeURIComponent(each) : '%ED%A0%80')).join('')
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed()
}

function isWhole(text: string): boolean {
  return text.trim() !== '' && Number.isInteger(Number(text)) && Number(text) >= 0
}

function show(text: string): string {
  const plain = JSON.stringify(text)
  return plain.length > 60 ? `${plain.slice(0, 50)}... (${text.length})` : plain
}
