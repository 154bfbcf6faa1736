/** What is meant by a code with which the API says why something was not read, or why it does not go on. */
export interface Reason {
  readonly means: string
  /** What to do about it; null: nothing, it heals by itself. */
  readonly remedy: string | null
}

const ticks = 'Tick the missing permissions at the OAuth consumer and save it.'
const administer = 'Give the credential administrator rights on it.'
const later = 'Nothing to do: it is read again with the next sync.'
const report = 'Report it to your operator: Bitbucket answers otherwise than it promises.'
const reconnect = 'Reconnect: put a working key and secret in under Settings.'

const reasons: Readonly<Record<string, Reason>> = {
  'bad-credentials': { means: 'Bitbucket does not know this key and secret', remedy: reconnect },
  'consumer-not-private': {
    means: 'The OAuth consumer is public',
    remedy: "Edit the consumer in Bitbucket and tick 'This is a private consumer'.",
  },
  'consumer-without-callback-url': {
    means: 'The OAuth consumer has no callback URL',
    remedy: 'Enter any callback URL at the consumer in Bitbucket; it will not be called.',
  },
  'consumer-refused': { means: 'Bitbucket gives this OAuth consumer no token', remedy: reconnect },
  'token-refused': { means: 'The credential is revoked or has expired', remedy: reconnect },
  'token-kind-unsupported': {
    means: 'This kind of credential may not read it',
    remedy: "Add an administrator's API token under Settings.",
  },
  'payment-required': { means: "The workspace's plan does not include it", remedy: "See the workspace's plan." },
  'scope-missing': { means: 'The credential lacks permissions', remedy: ticks },
  'not-permitted': { means: 'The credential does not administer it', remedy: administer },
  'not-found': { means: 'Bitbucket does not show it to the credential', remedy: later },
  'workspace-not-found': { means: 'The credential cannot see the workspace', remedy: reconnect },
  gone: {
    means: 'Bitbucket has withdrawn it, or the workspace is closed',
    remedy: 'Look whether the workspace still exists.',
  },
  'rate-limited': { means: 'The requests of the hour are used up', remedy: null },
  unavailable: { means: 'Bitbucket could not answer', remedy: null },
  'no-answer': { means: 'No whole answer came from Bitbucket', remedy: null },
  refused: { means: 'Bitbucket did not take the request', remedy: report },
  'empty-body': { means: 'Bitbucket sent an empty answer', remedy: report },
  'unexpected-shape': { means: 'Bitbucket answered in a form that is not known', remedy: report },
  'body-too-large': { means: 'The answer was too large', remedy: report },
  'foreign-host': { means: 'The answer led away from Bitbucket', remedy: report },
  'looping-next': { means: 'The list had no end', remedy: report },
  'count-mismatch': { means: 'The list was not whole', remedy: null },
  'list-changed': { means: 'The list changed while it was read', remedy: null },
  'not-included': { means: 'The settings leave it out', remedy: null },
  'http-401': { means: 'Bitbucket does not accept the credential for it (401)', remedy: administer },
  'http-402': { means: "The workspace's plan does not include it (402)", remedy: "See the workspace's plan." },
  'http-403': { means: 'The credential may not read it (403)', remedy: administer },
  'http-404': { means: 'Bitbucket does not show it to the credential (404)', remedy: null },
  'http-410': { means: 'Bitbucket has withdrawn it (410)', remedy: null },
}

/** A code that is not known here stands for itself. */
export function explainReason(code: string): Reason {
  return reasons[code] ?? { means: `It was not read: ${code}`, remedy: null }
}
