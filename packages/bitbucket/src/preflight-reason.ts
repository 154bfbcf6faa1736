import { toInstant } from '@clarity/shared/runtime/clock'
import type { UpstreamError } from '@clarity/shared/runtime/errors'

export interface Reason {
  readonly code: string
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
  /** When it goes on by itself, at the latest; absent where nothing tells. */
  readonly continuesAt?: string
}

/** The limit is one of a rolling hour. */
const limitMs = 3_600_000

/** Why Bitbucket did not give what was asked for. A limit that does not say when it ends has ended after its hour. */
export function toReason({ code, message, remedy, kind, retryAfterMs }: UpstreamError, nowMs: number): Reason {
  const waitMs = retryAfterMs ?? (kind === 'rate-limited' ? limitMs : null)
  return { code, message, remedy, ...(waitMs !== null && { continuesAt: toInstant(nowMs + waitMs) }) }
}

/** The field of a connection that a refusal is about, as the API names it; null where it is none. */
export function fieldAtFault({ kind, code }: UpstreamError): 'credential' | 'workspace' | null {
  if (kind === 'credential' || kind === 'rate-limited') return 'credential'
  if (code === 'scope-missing' || code === 'token-kind-unsupported') return 'credential'
  return code === 'address-refused' ? null : 'workspace'
}
