/**
 * Every problem that the API answers with of its own, by the code that ends its `type`; `docs/api-errors.md` is made of it.
 * What Bitbucket refuses has the codes of `docs/bitbucket-errors.md`: 422 where the caller can mend it, 503 where time does.
 */
export interface ProblemEntry {
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 408 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 431 | 500 | 503
  readonly means: string
  readonly remedy: string
}

/** Those that are the caller's to mend. */
export const inputProblems = {
  'invalid-request': {
    status: 400,
    means: 'The request is not what the operation takes; `errors` has each field, what is wrong, and what to write.',
    remedy: 'Correct the fields that are named.',
  },
  'invalid-cursor': {
    status: 400,
    means: 'The cursor is none that this list gave, or was made for other filters.',
    remedy: 'Begin without a cursor, or repeat the filters of the page that gave it.',
  },
  'missing-idempotency-key': {
    status: 400,
    means: 'The header `Idempotency-Key` is not one: 1 to 255 visible characters of ASCII.',
    remedy: 'Send a random UUID for each intended change, and the same one when you repeat it.',
  },
  unauthenticated: {
    status: 401,
    means: 'The request has no API key or token that is valid: it is missing, unknown, revoked or has expired.',
    remedy: 'Send `Authorization: Bearer <key>` with a key of your tenant that has not expired.',
  },
  'sign-in-link-spent': {
    status: 401,
    means: 'The token of a sign-in link was used before, has expired, or never was one.',
    remedy: 'Ask the operator for a new link: each lets somebody in once.',
  },
  'bad-signature': {
    status: 401,
    means: 'A delivery of Bitbucket is not signed with the secret of the webhook, or there is no such webhook.',
    remedy: 'Give the webhook in Bitbucket the secret that the connection showed when it was made.',
  },
  'insufficient-scope': {
    status: 403,
    means: 'The caller lacks the scope of the operation.',
    remedy: 'Use a key that has the scope that is named.',
  },
  'scopes-beyond-own': {
    status: 403,
    means: 'A key was asked for with scopes that its maker has not.',
    remedy: 'Leave them out, or ask somebody who has them to make the key.',
  },
  'no-tenant': {
    status: 403,
    means: 'The caller is an operator and belongs to no tenant, but the operation is about a tenant’s own.',
    remedy: 'Call it with a key of the tenant; to sign in, make a sign-in link.',
  },
  'tenant-not-active': {
    status: 403,
    means: 'The tenant of the caller is not there, or is suspended.',
    remedy: 'Ask the operator to make it, or to let it in again.',
  },
  'foreign-origin': {
    status: 403,
    means: 'A page of another origin uses the session of a browser, or wants to make one.',
    remedy: 'Do it from the console itself; programs send `Authorization: Bearer <key>` instead.',
  },
  'no-such-route': {
    status: 404,
    means: 'There is no such method and path.',
    remedy: '`/openapi.json` lists the operations.',
  },
  'console-not-built': {
    status: 404,
    means: 'A page of the web console was asked for, and the console was not built before the API was started.',
    remedy: 'Run `pnpm exec turbo run build --filter=@clarity/console`, and start the API again.',
  },
  'no-such-connection': {
    status: 404,
    means: 'The tenant has no such connection; another tenant’s is as if it did not exist.',
    remedy: 'Use an id that `GET /v1/connections` answers.',
  },
  'no-such-sync': {
    status: 404,
    means: 'The connection has no such sync; finished ones are kept for 90 days.',
    remedy: 'Use an id that `GET .../syncs` answers.',
  },
  'no-evidence': {
    status: 404,
    means: 'The sync has left no evidence (yet).',
    remedy: 'Ask again when it has ended.',
  },
  'nothing-held': {
    status: 404,
    means: 'No removals of the connection wait for a decision.',
    remedy: 'Nothing to do: every removal that was found has been told.',
  },
  'no-such-entity': {
    status: 404,
    means: 'The connection has no such service user, entitlement, grant or resource at that time.',
    remedy: 'Use an id that the lists of the connection answer.',
  },
  'no-such-key': {
    status: 404,
    means: 'The tenant has no such API key.',
    remedy: 'Use an id that `GET /v1/api-keys` answers.',
  },
  'no-such-tenant': {
    status: 404,
    means: 'There is no such tenant.',
    remedy: 'Use an id that `GET /v1/tenants` answers.',
  },
  'no-webhook': {
    status: 404,
    means: 'The connection has no webhook.',
    remedy: 'Make one by `PUT .../webhook`.',
  },
  'not-acceptable': {
    status: 406,
    means: 'The answer is not there in a form that the header `Accept`, or `format`, asks for.',
    remedy: 'Ask for one of the forms that are named.',
  },
  'identifier-taken': {
    status: 409,
    means: 'The unique identifier was used by a connection of the tenant, which may have been removed since.',
    remedy: 'Choose another one: identifiers are never used twice, so that old records stay clear.',
  },
  'name-taken': {
    status: 409,
    means: 'Another connection of the tenant has that name.',
    remedy: 'Choose another name.',
  },
  'workspace-taken': {
    status: 409,
    means: 'The workspace is connected already.',
    remedy: 'Use that connection; one workspace is connected once.',
  },
  'connection-paused': {
    status: 409,
    means: 'The connection is paused, so nothing is read.',
    remedy: 'Resume it by `POST .../resume`.',
  },
  'tenant-taken': {
    status: 409,
    means: 'There is a tenant of that id already.',
    remedy: 'Choose another id, or use that tenant.',
  },
  'key-name-taken': {
    status: 409,
    means: 'Two living keys of the tenant have that name: one to be used, one to take its place.',
    remedy: 'Revoke the one that is no longer used, or choose another name.',
  },
  'too-many-keys': {
    status: 409,
    means: 'The tenant has as many API keys as it may have.',
    remedy: 'Revoke keys that are no longer used.',
  },
  'too-many-candidate-emails': {
    status: 409,
    means: 'More addresses would wait, or be known as missed, than are kept.',
    remedy: 'Send those of people who may be in the workspace.',
  },
  'request-in-progress': {
    status: 409,
    means: 'A request with this `Idempotency-Key` is still being worked on.',
    remedy: 'Wait for it, or repeat this one in a moment.',
  },
  'settings-changed': {
    status: 412,
    means:
      '`If-Match` names another version of the settings than the present one: somebody has changed them meanwhile.',
    remedy: 'Read them again, and send your change with the `ETag` of that answer.',
  },
  'request-too-large': {
    status: 413,
    means: 'The body is larger than the operation takes.',
    remedy: 'Send less at a time.',
  },
  'unsupported-media-type': {
    status: 415,
    means: 'The body has another media type than the operation takes.',
    remedy: 'Send JSON, with `Content-Type: application/json`.',
  },
  'unknown-scope': {
    status: 422,
    means: 'A sync names projects or repositories that no sync has listed.',
    remedy: 'Name those that are listed, or sync `workspace/repositories` first.',
  },
  'scope-not-included': {
    status: 422,
    means: 'A sync names projects or repositories that the settings of the connection leave out.',
    remedy: 'Include them in the settings first.',
  },
  'other-workspace': {
    status: 422,
    means: 'A credential sees another workspace than the one of the connection.',
    remedy: 'Give credentials that administer the one workspace.',
  },
  'not-held': {
    status: 422,
    means: 'Something was to be approved that is not held.',
    remedy: 'Name scopes, grants or nestings that are held now.',
  },
  'expires-in-past': {
    status: 422,
    means: 'An API key would have expired before it was made.',
    remedy: 'Give a time to come, or null.',
  },
  'idempotency-key-reused': {
    status: 422,
    means: 'The `Idempotency-Key` was used within 24 hours for another request: another operation, or another body.',
    remedy: 'Send a new key for a new intention.',
  },
  'time-not-kept': {
    status: 422,
    means: '`asOf` is before what is known of the connection, or in the future.',
    remedy: 'Ask about a time between the first sync and now.',
  },
  'not-included-yet': {
    status: 422,
    means: 'The access view does not have the event yet as of which was asked.',
    remedy: 'Ask with `waitFor`, or without the sequence.',
  },
  'sequence-not-kept': {
    status: 422,
    means: 'Events after that number are not kept any more.',
    remedy: 'Begin with what is there now, then follow the changes from the number that it includes.',
  },
  'settings-version-missing': {
    status: 428,
    means: 'Settings are changed only by whoever knows the present ones: the header `If-Match` is missing.',
    remedy: 'Read them, and send the `ETag` of that answer as `If-Match`.',
  },
  'too-many-requests': {
    status: 429,
    means: 'The caller has made more requests than its limit allows, or has as many live streams open as it may have.',
    remedy: 'Wait for as long as `Retry-After` says.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>

export type InputProblem = keyof typeof inputProblems

/** Those that are not the caller's. */
export const otherProblems = {
  internal: {
    status: 500,
    means: 'The request met an error of ours; it is in the log under the request id.',
    remedy: 'Try again; when it stays, report the request id.',
  },
  'redis-unavailable': {
    status: 503,
    means: 'Redis does not answer or takes no writes.',
    remedy: 'Try again in a moment: it recovers by itself when Redis is back.',
  },
  'token-issuer-unavailable': {
    status: 503,
    means: 'The keys of the token issuer cannot be read.',
    remedy: 'Try again in a moment; API keys work meanwhile.',
  },
  'access-view-unavailable': {
    status: 503,
    means: 'What answers about access is not there (yet): it is catching up with the stream, or switched off.',
    remedy: 'Try again in a moment; `GET /readyz` tells what is missing.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>

/** Those that only the answer of a validation has, beside the ones above and those of Bitbucket. */
export const validationProblems = {
  'invalid-name': {
    means: 'The name is not one that a connection can have.',
    remedy: 'Write 1 to 80 characters.',
  },
  'invalid-identifier': {
    means: 'The unique identifier is not one that a connection can have.',
    remedy: 'Write 3 to 63 lower case letters, digits or hyphens, such as bitbucket-acme.',
  },
} as const satisfies Readonly<Record<string, Omit<ProblemEntry, 'status'>>>

/** What a validation warns of; none keeps a connection from being saved. */
export const validationWarnings = {
  'scope-excess': {
    means: 'The credential has permissions that nothing here needs.',
    remedy: 'Untick them at the OAuth consumer if nothing else uses it.',
  },
  'credential-repeated': {
    means: 'The credential is given twice, so it adds no requests.',
    remedy: 'Leave it out, or give another consumer.',
  },
  'nothing-included': {
    means: 'The workspace has projects or repositories, and `include` leaves all of them out.',
    remedy: 'Look for a misspelt key or pattern, or include more.',
  },
} as const satisfies Readonly<Record<string, Omit<ProblemEntry, 'status'>>>
