import { z } from 'zod'
import { ConfigError, type Mistake } from './errors.ts'
import { Secret } from './secret.ts'

/** One environment variable: its schema, what it is for, what to write, and what it shows in the documentation. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema
  readonly description: string
  /** A value that works, shown in errors and in the documentation. Never a real secret. */
  readonly example: string
  /** What holds when the variable is not set; null means that it is required. */
  readonly default: string | null
}

export type Variables = Readonly<Record<string, Variable>>
export type Config<V extends Variables> = { readonly [Name in keyof V]: z.output<V[Name]['schema']> }

/** Declares a variable; only so that the schema's type is kept. */
export function variable<Schema extends z.ZodType>(definition: Variable<Schema>): Variable<Schema> {
  return definition
}

/**
 * Reads the declared variables from `env`. An empty value counts as not set.
 * @throws ConfigError with every mistake at once, each with the variable's name and a remedy.
 */
export function loadConfig<V extends Variables>(
  variables: V,
  env: Readonly<Record<string, string | undefined>>,
): Config<V> {
  const mistakes: Mistake[] = []
  const values: Record<string, unknown> = {}
  for (const [name, definition] of Object.entries(variables)) {
    const given = env[name] === undefined || env[name] === '' ? definition.default : env[name]
    if (given === null) {
      mistakes.push({ field: name, message: 'is not set', remedy: remedyFor(definition) })
      continue
    }
    const parsed = definition.schema.safeParse(given)
    if (parsed.success) values[name] = parsed.data
    else {
      const message = parsed.error.issues.map((issue) => issue.message).join('; ')
      mistakes.push({ field: name, message, remedy: remedyFor(definition) })
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  // Every name of V was parsed by its own schema above, or we threw.
  return values as Config<V>
}

function remedyFor(definition: Variable): string {
  return `${definition.description} For example: ${definition.example}`
}

/** A whole number given as text, within bounds. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
}

/** An http or https URL without a trailing slash. */
export function httpUrl() {
  return z
    .string()
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'is not an http or https URL')
    .transform((value) => value.replace(/\/+$/, ''))
}

/** A URL that may have a login in it. What it connects with would quote it in its error, so it must be one that can be read. */
export function urlWithLogin(protocols: RegExp) {
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.test(new URL(value).protocol) && isDecodable(new URL(value)),
      'is not such a URL, or has a login whose special characters are not percent-encoded (%23 for #, %25 for %)',
    )
    .transform((value) => new Secret(value))
}

/** Whether the login in a URL can be read. */
export function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}`)
    return true
  } catch {
    return false
  }
}
