import { notIncluded } from '@clarity/shared/store/inclusion'
import type { NotRead } from '@clarity/shared/store/scope-record'

/** Why a scope is not read from now on, and whether the stream has to tell it. */
export interface NextNotRead {
  readonly notRead: NotRead
  readonly isNews: boolean
}

/**
 * What a try that came to nothing makes of a scope. That it cannot be observed is told once; as long as it was told so, it
 * is, for that it is only stale by now would have to be told as well. Whether the settings leave it out is always told
 * truly: nobody is to look for a decision where Bitbucket refuses, nor for a refusal where somebody has decided.
 */
export function nextNotRead(before: NotRead | null, found: NotRead): NextNotRead {
  const [wasLeftOut, isLeftOut] = [before?.reason === notIncluded, found.reason === notIncluded]
  if (wasLeftOut !== isLeftOut && (wasLeftOut || isLeftOut)) {
    return { notRead: { ...found, state: 'unobservable' }, isNews: true }
  }
  if (before !== null && (before.state === found.state || before.state === 'unobservable')) {
    return { notRead: before, isNews: false }
  }
  return { notRead: found, isNews: found.state === 'unobservable' }
}
