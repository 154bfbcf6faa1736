import { ApiError } from '../http/errors.ts'
import { type Comparison, type Operator, parseQuery, type Query, type Value } from './parser.ts'

/** A field that queries and orders may name. */
export interface QueryField<T> {
  /** `ordered` is an enumeration that is compared by its `order`. */
  readonly type: 'text' | 'number' | 'boolean' | 'instant' | 'ordered'
  readonly order?: readonly string[]
  read(item: T): string | number | boolean | null
}

export type QueryFields<T> = Readonly<Record<string, QueryField<T>>>

type Operand = string | number | null
type Predicate<T> = (item: T) => boolean

/**
 * What a query asks of an item, parsed once. What is null fits `= null` and the negations only.
 * @throws ApiError 400 for an unknown field, a value that is not of the field's type, or bad syntax
 */
export function compileQuery<T>(query: string, fields: QueryFields<T>): Predicate<T> {
  return compile(parseQuery(query), fields)
}

/** The values of a query of the one form `field IN (...)` or `field = ...`; null for any other. @throws ApiError 400 */
export function listedValues(query: string, field: string): readonly string[] | null {
  const parsed = parseQuery(query)
  if (parsed.type !== 'comparison' || parsed.field !== field) return null
  return parsed.operator === 'IN' || parsed.operator === '=' ? parsed.values.map(({ text }) => text) : null
}

/** The order of `field` or `-field`; what is null comes last. @throws ApiError 400 for any other field */
export function compileSort<T>(sort: string, fields: QueryFields<T>): (a: T, b: T) => number {
  const field = ownField(fields, sort.replace(/^-/, ''))
  if (field === undefined) throw new ApiError(400, `Invalid field for sort: ${sort}`)
  const sign = sort.startsWith('-') ? -1 : 1
  return (a, b) => {
    const [left, right] = [comparable(field, field.read(a)), comparable(field, field.read(b))]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return sign * compare(left, right)
  }
}

function compile<T>(query: Query, fields: QueryFields<T>): Predicate<T> {
  if (query.type === 'comparison') return compileComparison(query, fields)
  const [left, right] = [compile(query.left, fields), compile(query.right, fields)]
  return query.type === 'and' ? (item) => left(item) && right(item) : (item) => left(item) || right(item)
}

function compileComparison<T>({ field: name, at, operator, values }: Comparison, fields: QueryFields<T>): Predicate<T> {
  const field = ownField(fields, name)
  if (field === undefined) throw new ApiError(400, `Invalid query: no field ${name} at ${at}`)
  const wanted = values.map((value) => toOperand(field, name, value))
  const [first = null] = wanted
  if (operator.endsWith('~') && field.type !== 'text')
    throw new ApiError(400, `Invalid query: ${name} is no text at ${at}`)
  const test = tests[operator](first, new Set(wanted))
  return (item) => test(comparable(field, field.read(item)))
}

type Test = (value: Operand) => boolean

const tests: Readonly<Record<Operator, (wanted: Operand, all: ReadonlySet<Operand>) => Test>> = {
  '=': (wanted) => (value) => value === wanted,
  '!=': (wanted) => (value) => value !== wanted,
  '~': (wanted) => contains(wanted),
  '!~': (wanted) => {
    const test = contains(wanted)
    return (value) => !test(value)
  },
  '>': (wanted) => ordered(wanted, (order) => order > 0),
  '>=': (wanted) => ordered(wanted, (order) => order >= 0),
  '<': (wanted) => ordered(wanted, (order) => order < 0),
  '<=': (wanted) => ordered(wanted, (order) => order <= 0),
  IN: (_, all) => (value) => all.has(value),
  'NOT IN': (_, all) => (value) => !all.has(value),
}

function contains(wanted: Operand): Test {
  const part = String(wanted).toLowerCase()
  return (value) => value !== null && wanted !== null && String(value).toLowerCase().includes(part)
}

function ordered(wanted: Operand, fits: (order: number) => boolean): Test {
  return (value) => value !== null && wanted !== null && fits(compare(value, wanted))
}

/** The value as it is compared: by rank where the field has an order, as an instant where it is one. */
function comparable<T>({ type, order }: QueryField<T>, value: string | number | boolean | null): Operand {
  if (value === null) return null
  if (type === 'ordered') return order?.indexOf(String(value)) ?? -1
  if (type === 'instant') return Date.parse(String(value))
  return typeof value === 'boolean' ? String(value) : value
}

/** @throws ApiError 400 when the value is not of the field's type */
function toOperand<T>(field: QueryField<T>, name: string, { quoted, text, at }: Value): Operand {
  if (!quoted && text.toLowerCase() === 'null') return null
  const wrong = new ApiError(400, `Invalid query: ${JSON.stringify(text)} at ${at} is no value of ${name}`)
  switch (field.type) {
    case 'text':
      if (!quoted) throw wrong
      return text
    case 'ordered':
      if (!quoted || !field.order?.includes(text)) throw wrong
      return comparable(field, text)
    case 'number':
      if (quoted || !/^-?\d+(\.\d+)?$/.test(text)) throw wrong
      return Number(text)
    case 'boolean':
      if (quoted || !/^(true|false)$/i.test(text)) throw wrong
      return text.toLowerCase()
    case 'instant':
      if (Number.isNaN(Date.parse(text)) || !/^\d{4}-\d\d-\d\d/.test(text)) throw wrong
      return comparable(field, text)
  }
}

function ownField<T>(fields: QueryFields<T>, name: string): QueryField<T> | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
