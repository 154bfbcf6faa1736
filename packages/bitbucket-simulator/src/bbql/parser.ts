/**
 * The grammar of Bitbucket's queries (its REST introduction, filtering and sorting):
 *
 *   query      = conjunction { OR conjunction }
 *   conjunction = condition { AND condition }
 *   condition  = "(" query ")" | field operator value | field [NOT] IN "(" value { "," value } ")"
 */
import { ApiError } from '../http/errors.ts'
import { type Token, type TokenType, tokenize } from './lexer.ts'

export interface Value {
  /** A string in quotes, or a bare number, instant, boolean or null. */
  readonly quoted: boolean
  readonly text: string
  readonly at: number
}

export const operators = ['=', '!=', '~', '!~', '>', '>=', '<', '<=', 'IN', 'NOT IN'] as const
export type Operator = (typeof operators)[number]

export interface Comparison {
  readonly type: 'comparison'
  readonly field: string
  readonly at: number
  readonly operator: Operator
  /** One, but for `IN` and `NOT IN`. */
  readonly values: readonly Value[]
}

export type Query = Comparison | { readonly type: 'and' | 'or'; readonly left: Query; readonly right: Query }

/** How deep parentheses may go: deeper than anybody writes them. */
const depthMax = 100

/** @throws ApiError 400 that says where the query is wrong */
export function parseQuery(text: string): Query {
  const parser = new Parser(tokenize(text))
  const query = parser.readQuery(0)
  parser.take('end')
  return query
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  readQuery(depth: number): Query {
    let left = this.#readConjunction(depth)
    while (this.#takeKeyword('OR')) left = { type: 'or', left, right: this.#readConjunction(depth) }
    return left
  }

  #readConjunction(depth: number): Query {
    let left = this.#readCondition(depth)
    while (this.#takeKeyword('AND')) left = { type: 'and', left, right: this.#readCondition(depth) }
    return left
  }

  #readCondition(depth: number): Query {
    if (depth > depthMax) throw new ApiError(400, 'Invalid query: nested too deeply')
    if (this.#peek().type === '(') {
      this.take('(')
      const query = this.readQuery(depth + 1)
      this.take(')')
      return query
    }
    const { text: field, at } = this.take('word')
    const operator = this.#readOperator()
    const values = operator.endsWith('IN') ? this.#readList() : [this.#readValue()]
    return { type: 'comparison', field, at, operator, values }
  }

  #readOperator(): Operator {
    const negated = this.#takeKeyword('NOT')
    if (this.#takeKeyword('IN')) return negated ? 'NOT IN' : 'IN'
    const token = this.#peek()
    const operator = operators.find((one) => one === token.text)
    if (negated || token.type !== 'operator' || operator === undefined) throw unexpected(token, 'an operator')
    this.#next++
    return operator
  }

  #readList(): Value[] {
    this.take('(')
    const values = [this.#readValue()]
    while (this.#peek().type === ',') {
      this.take(',')
      values.push(this.#readValue())
    }
    this.take(')')
    return values
  }

  #readValue(): Value {
    const { type, text, at } = this.#peek()
    if (type !== 'string' && type !== 'word') throw unexpected(this.#peek(), 'a value')
    this.#next++
    return { quoted: type === 'string', text, at }
  }

  take(type: TokenType): Token {
    const token = this.#peek()
    if (token.type !== type) throw unexpected(token, type)
    this.#next++
    return token
  }

  #takeKeyword(keyword: string): boolean {
    const { type, text } = this.#peek()
    const found = type === 'word' && text.toUpperCase() === keyword
    if (found) this.#next++
    return found
  }

  #peek(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]
    if (token === undefined) throw new Error('a query ends with its end')
    return token
  }
}

function unexpected({ type, text, at }: Token, wanted: string): ApiError {
  const found = type === 'end' ? 'its end' : JSON.stringify(text)
  return new ApiError(400, `Invalid query: expected ${wanted === 'end' ? 'its end' : wanted} at ${at}, found ${found}`)
}
