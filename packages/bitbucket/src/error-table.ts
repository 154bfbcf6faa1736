import type { UpstreamKind } from '@clarity/shared/runtime/errors'

interface ErrorEntry {
  readonly kind: UpstreamKind
  /** The statuses, or what happens instead. */
  readonly comesWith: string
  readonly means: string
  readonly remedy: string
}

/** Every error that reading Bitbucket can end in, by its code. `docs/bitbucket-errors.md` is made of it. */
export const bitbucketErrors = {
  'bad-credentials': {
    kind: 'credential',
    comesWith: '400 or 401 for a token (`unauthorized_client`, `invalid_client`)',
    means: 'Bitbucket does not know this key and secret.',
    remedy: 'Copy both again from Workspace settings > OAuth consumers.',
  },
  'consumer-not-private': {
    kind: 'credential',
    comesWith: '400 for a token (`invalid_grant`)',
    means: 'The OAuth consumer is public; only a private one may stand for itself.',
    remedy: "Edit the OAuth consumer, tick 'This is a private consumer', save, and try again.",
  },
  'consumer-without-callback-url': {
    kind: 'credential',
    comesWith: '400 for a token (`invalid_request`)',
    means: 'The OAuth consumer has no callback URL; Bitbucket asks for one although it is never called.',
    remedy: 'Enter a callback URL at the OAuth consumer, such as https://claritysecurity.com; it will not be called.',
  },
  'consumer-refused': {
    kind: 'credential',
    comesWith: '400 or 401 for a token, for another reason',
    means: 'Bitbucket gives this OAuth consumer no token.',
    remedy: 'See that the OAuth consumer is private and has a callback URL, and copy key and secret again.',
  },
  'token-refused': {
    kind: 'credential',
    comesWith: '401, with a new token as well, and elsewhere too',
    means: 'The credential is revoked, has expired, or belongs to an account that is no more.',
    remedy: 'Validate the connection; make a new OAuth consumer or API token if this one is revoked or has expired.',
  },
  'token-kind-unsupported': {
    kind: 'permission',
    comesWith: '401, while the same token is accepted elsewhere',
    means: 'The credential is good, and its kind may not use this endpoint.',
    remedy: 'Add a credential of another kind: an OAuth consumer, or the API token of an administrator.',
  },
  'payment-required': {
    kind: 'permission',
    comesWith: '402',
    means: "The workspace's plan does not include it.",
    remedy: "See the workspace's plan in Bitbucket; until then the last known facts are kept.",
  },
  'scope-missing': {
    kind: 'permission',
    comesWith: '403 that speaks of scopes; also before the first call, when the token names its scopes',
    means:
      'The credential lacks permissions that were chosen when it was made. Those to administer include none to read.',
    remedy: 'Tick them at the OAuth consumer and save it, or make an API token that has them.',
  },
  'not-permitted': {
    kind: 'permission',
    comesWith: '403',
    means: 'Whoever the credential stands for does not administer this.',
    remedy: 'Give the credential administrator rights on it; until then its last known facts are kept.',
  },
  'address-refused': {
    kind: 'permission',
    comesWith: '403 that speaks of IP addresses, or of a list of those that are allowed',
    means: 'The workspace lets in certain IP addresses only, and ours is none of them.',
    remedy: 'Add the addresses of this service under Workspace settings > Access controls; its operator knows them.',
  },
  'not-found': {
    kind: 'permission',
    comesWith: '404',
    means: 'It is not there, or not visible to this credential. Bitbucket does not say which.',
    remedy: 'Nothing to do if it was removed: two complete lists must lack it before it counts as gone.',
  },
  'workspace-not-found': {
    kind: 'permission',
    comesWith: '404 for the workspace',
    means: 'The credential cannot see the workspace.',
    remedy: 'Check the slug. A credential sees the workspaces that it was made in, or that its owner belongs to.',
  },
  gone: {
    kind: 'permission',
    comesWith: '410',
    means: 'Bitbucket has withdrawn it, or the workspace is closed.',
    remedy: 'Look whether the workspace still exists; if it does, report this. The last known facts are kept.',
  },
  'rate-limited': {
    kind: 'rate-limited',
    comesWith: '429; 403 that speaks of the rate limit',
    means: "The credential's rolling hour is used up, or too many requests came at once.",
    remedy: 'Wait: the limit is a rolling hour. A second credential adds its own.',
  },
  'hour-used-up': {
    kind: 'rate-limited',
    comesWith: 'no request: by our own count of the rolling hour',
    means: 'All requests of the credential for this hour are made; Bitbucket would refuse the next one.',
    remedy: 'Wait: the limit is a rolling hour. A second credential adds its own.',
  },
  unavailable: {
    kind: 'unavailable',
    comesWith: '500 to 599, 555 too, whatever the body',
    means: 'Bitbucket cannot answer at the moment.',
    remedy: 'Nothing to do: it is tried again. See the status page of Bitbucket when it lasts.',
  },
  'no-answer': {
    kind: 'unavailable',
    comesWith: 'no connection, a reset, a time-out, a body that breaks off or is no JSON',
    means: 'No whole answer came.',
    remedy: 'Nothing to do: it is tried again. See that Bitbucket can be reached from here when it lasts.',
  },
  refused: {
    kind: 'contract',
    comesWith: '400 and every other status that is none of these',
    means: 'Bitbucket does not take the request as it is.',
    remedy: 'Report this with the request id: the connector and Bitbucket do not understand each other.',
  },
  'empty-body': {
    kind: 'contract',
    comesWith: '200 without a body',
    means: 'Never taken for an empty list: Bitbucket answers so where it does not want to say no.',
    remedy: 'Report this with the request id: the connector and Bitbucket do not understand each other.',
  },
  'unexpected-shape': {
    kind: 'contract',
    comesWith: '200 with JSON of another shape',
    means: 'Bitbucket has changed what it answers here.',
    remedy: 'Report this with the request id: the connector and Bitbucket do not understand each other.',
  },
  'body-too-large': {
    kind: 'contract',
    comesWith: 'a body over the limit',
    means: 'The answer is larger than anything that Bitbucket should answer.',
    remedy: 'Report this with the request id: the connector and Bitbucket do not understand each other.',
  },
  'foreign-host': {
    kind: 'contract',
    comesWith: 'a next page or a redirect that leaves the API',
    means: 'The credential is never sent anywhere but to the API.',
    remedy: 'Report this with the request id: the connector and Bitbucket do not understand each other.',
  },
  'looping-next': {
    kind: 'contract',
    comesWith: 'pages that lead back, or on and on without a new row',
    means: 'The list has no end.',
    remedy: 'Report this with the request id: the connector and Bitbucket do not understand each other.',
  },
  'count-mismatch': {
    kind: 'contract',
    comesWith: 'fewer rows than Bitbucket counts',
    means: 'A row is missing from the list: it is not whole.',
    remedy: 'Nothing to do: the last known facts are kept, and it is read again with the next sync.',
  },
  'list-changed': {
    kind: 'contract',
    comesWith: 'a list that shrinks while it is read, twice',
    means: 'A row may have slipped over the edge of a page: the list is not known to be whole.',
    remedy: 'Nothing to do: the last known facts are kept, and it is read again with the next sync.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>

export type BitbucketErrorCode = keyof typeof bitbucketErrors

const triedAgain: Readonly<Record<UpstreamKind, string>> = {
  credential: 'no',
  permission: 'no; on another credential, if there is one',
  'rate-limited': 'yes, on another credential first; not when Bitbucket asks for a longer wait than a call has',
  unavailable: 'yes',
  contract: 'no',
}

const kinds: Readonly<Record<UpstreamKind, string>> = {
  credential: 'Somebody has to mend the credential. The sync ends; nothing is taken for removed.',
  permission: 'This one thing cannot be read. Its last known facts are kept, and it is marked stale.',
  'rate-limited': 'For the moment there is no room. It heals by itself.',
  unavailable: 'Bitbucket is away. It heals by itself.',
  contract: 'What came is not what Bitbucket promises. The last known facts are kept.',
}

/** The text of docs/bitbucket-errors.md. */
export function renderErrors(): string {
  const ofKind = (kind: string) => Object.entries(bitbucketErrors).filter(([, entry]) => entry.kind === kind)
  const sections = Object.entries(kinds).map(([kind, meaning]) => {
    const rows = ofKind(kind).map(
      ([code, { comesWith, means, remedy }]) => `| \`${code}\` | ${comesWith} | ${means} | ${remedy} |`,
    )
    // The keys of `kinds` are those of `triedAgain`.
    const again = triedAgain[kind as UpstreamKind]
    const head = ['| code | comes with | means | what to do |', '|---|---|---|---|']
    return [`## ${kind}`, '', meaning, `Tried again: ${again}.`, '', ...head, ...rows].join('\n')
  })
  return `${[intro, ...sections].join('\n\n')}\n`
}

const intro = `# Errors of Bitbucket

Whatever Bitbucket does not give ends in one of these: in the log, in a sync's \`error\`, in a problem document of the API
(its \`type\` ends in the code), in the answer of a validation. Each says the endpoint, the credential, the status if there was an
answer, and Bitbucket's id of the request where it told one; none holds a credential or a piece of a body that could be somebody's name,
but for a line of what Bitbucket says of its refusal, without addresses and without what looks like a token.
None of them ever means that an access is gone.

This page is made from the code by \`pnpm run docs\`; a test fails when it is out of date.`
