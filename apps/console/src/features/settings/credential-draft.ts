import { NewCredentials } from '@clarity/shared/contract/connections'
import { type Defined, definedOnly } from '../../api/defined.ts'
import type { ApiProblem } from '../../api/problem.ts'

/** One credential as it is typed: a consumer's key and secret, or an address and its API token. */
export interface CredentialDraft {
  readonly id: number
  readonly kind: 'oauth-consumer' | 'api-token'
  readonly key: string
  readonly secret: string
}

/** Mistakes by row and field, `0.secret`; `0` alone is about the whole row. */
export type CredentialErrors = Readonly<Record<string, string>>

/** More than these are of no use. */
export const credentialsMax = 5

export function readCredentials(drafts: readonly CredentialDraft[]): {
  readonly credentials: Defined<NewCredentials> | null
  readonly errors: CredentialErrors
} {
  const errors = Object.assign({}, ...drafts.map(mistakesIn)) as Record<string, string>
  const [credential, ...moreCredentials] = drafts.map(toBody)
  const read = NewCredentials.safeParse({ credential, ...(moreCredentials.length > 0 && { moreCredentials }) })
  for (const { path, message } of read.error?.issues ?? []) errors[placeOf(path.join('.'))] ??= `This ${message}.`
  return Object.keys(errors).length === 0 && read.success
    ? { credentials: definedOnly(read.data), errors }
    : { credentials: null, errors }
}

/** The mistakes that the API tells, at the rows they are about; what to do about them the problem itself says. */
export function errorsOf({ fields }: ApiProblem): CredentialErrors {
  return Object.fromEntries(fields.map(({ field, message }) => [placeOf(field), `${message}.`]))
}

function mistakesIn({ kind, key, secret }: CredentialDraft, row: number): Record<string, string> {
  const isConsumer = kind === 'oauth-consumer'
  const mistakes: Record<string, string> = {}
  if (key.trim() === '') mistakes[`${row}.key`] = isConsumer ? 'Enter the key.' : 'Enter the e-mail address.'
  else if (/\s/.test(key.trim())) mistakes[`${row}.key`] = 'It has no spaces; it looks as if more was copied.'
  if (secret.trim() === '') mistakes[`${row}.secret`] = isConsumer ? 'Enter the secret.' : 'Enter the token.'
  else if (/\s/.test(secret.trim())) mistakes[`${row}.secret`] = 'It has no spaces; it looks as if more was copied.'
  return mistakes
}

function toBody({ kind, key, secret }: CredentialDraft) {
  return kind === 'oauth-consumer' ? { kind, key, secret } : { kind, email: key.trim(), token: secret }
}

/** `credential.secret` is of the first row, `moreCredentials.0.token` of the second. */
function placeOf(field: string): string {
  const [, more, rest = ''] = /^(?:credential|moreCredentials\.(\d+))(?:\.(\w+))?/.exec(field) ?? []
  const row = more === undefined ? 0 : Number(more) + 1
  const part = { key: 'key', email: 'key', secret: 'secret', token: 'secret' }[rest]
  return part === undefined ? String(row) : `${row}.${part}`
}
