import { ApiError } from '../http/errors.ts'

export type TokenType = 'string' | 'word' | 'operator' | '(' | ')' | ',' | 'end'

export interface Token {
  readonly type: TokenType
  /** A string's value without its quotes and escapes; the text itself of all others. */
  readonly text: string
  /** Where it begins, counted from 1. */
  readonly at: number
}

const blank = /\s+/y
const symbol = /[(),]/y
const operator = /!=|!~|>=|<=|=|~|>|</y
const quoted = /"((?:[^"\\]|\\.)*)"/y
/** Names with dots, numbers, instants and the keywords. */
const word = /[\p{L}\p{N}_.:+-]+/uy

/** The tokens of a query, the last one being its end. @throws ApiError 400 at what is none */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position
    const match = pattern.exec(query)
    position += match?.[0].length ?? 0
    return match
  }
  for (;;) {
    take(blank)
    const at = position + 1
    if (position >= query.length) return [...tokens, { type: 'end', text: '', at }]
    const mark = take(symbol)?.[0]
    if (mark === '(' || mark === ')' || mark === ',') {
      tokens.push({ type: mark, text: mark, at })
      continue
    }
    const sign = take(operator)
    const string = sign ? null : take(quoted)
    const name = sign || string ? null : take(word)
    if (sign) tokens.push({ type: 'operator', text: sign[0], at })
    else if (string) tokens.push({ type: 'string', text: (string[1] ?? '').replaceAll(/\\(.)/gs, '$1'), at })
    else if (name) tokens.push({ type: 'word', text: name[0], at })
    else throw new ApiError(400, `Invalid query: unexpected ${JSON.stringify(query[position])} at ${at}`)
  }
}
