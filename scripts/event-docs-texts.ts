// The parts of docs/events.md that are written by hand.

export const intro = `# Events

Who has which access, in Kafka, with \`clarity.bitbucket\` as prefix of the topics unless the deployment has another:

| topic | has | kept |
|---|---|---|
| \`<prefix>.changes\` | every event, in order for each connection | 30 days, unless set otherwise |
| \`<prefix>.state\` | [what is there now](#what-is-there-now): one record for each entity | compacted |
| \`<prefix>.audit\` | [who did what](#who-did-what) to connections, keys and tenants | a year, unless set otherwise |
| \`<prefix>.dead-letter\` | [what could not be told](#when-something-is-missing), for the operator | as changes |

Each record is a [CloudEvent](https://github.com/cloudevents/spec) 1.0 in binary content mode: attributes in headers, plain JSON
as value. The key of an event is the id of the connection, so that all events of a connection are in one partition and in order. The names are provider-neutral; \`connection.provider\` says which application it is.

For machines: a JSON Schema (2020-12) of each event in [schemas/](../schemas), and the whole as AsyncAPI 3 in
[schemas/asyncapi.json](../schemas/asyncapi.json). This page, too, is made from the code by \`pnpm run docs\`; a test fails
when any of them is out of date. All values in the examples are invented; whole examples are in the schemas.`

export const rules = `## Rules for a consumer

1. Read with the isolation level \`read_committed\`, and commit an offset only when the events before it are dealt with.
2. Recognise a repeat by \`ce_source\` and \`ce_id\`, and drop it.
3. Within a connection \`ce_sequence\` rises by one from event to event. A jump means that something was missed: read again
   from the last event that you have, or begin anew from [what is there now](#what-is-there-now). Between connections there is
   no order.
4. Order is causal: a service user and an entitlement are told before a grant or nesting that names them, and removed after
   it. \`sync.completed\` is a barrier: all that the sync found is before it.
5. What cannot be observed is not gone. Only \`.removed\`, \`.revoked\` and \`.changed\` take something away;
   \`scope.unobservable\`, \`sync.failed\`, \`sync.held\` and \`connection.degraded\` take nothing away, nor does silence.
6. Ignore types, fields and headers that you do not know. Do not ignore a value that you do not know (see below).
7. Absent and null differ: absent is "Bitbucket did not say", null is "there is none, or it is not told".`

export const compatibility = `## What may change

The number at the end of a type is its version. Within a version:

- Added may be: events of new types, optional fields, fields that are always there, headers.
- Never is a field removed or renamed, its type changed, or one that is always there left out at times. No value is told that
  the schema did not allow: a list of values is **closed**, and one more of them needs a new version of the type. Where values
  are to grow, the field is a plain string, and its meaning says "an open set".
- Any other change needs a new type, with the next number.

The schemas allow fields that they do not name, so a consumer that validates by them accepts later additions.
\`schemas/released/\` holds them as they were at the last release. A test compares today's with them and fails at any change
that could break a consumer; \`pnpm run docs --release\` brings them up to date, and refuses to when there is such a change.`

export const entitiesIntro = `An id is unique within its connection and stays the same when things are renamed. In an id a UUID stands without the braces
that Bitbucket writes around it.`

export const stateIntro = `## What is there now

\`<prefix>.state\` is compacted: under \`<connection id>/<kind>/<entity id>\` it has the entity whole, or, for a while, a null
value when it is gone. It is written in the very Kafka transaction that tells the change, with the same headers as an event, of
which \`ce_sequence\` is that of the change. It has as many partitions as \`<prefix>.changes\`, and a connection is in the same one
of both: 32-bit FNV-1a of its id, over UTF-8, modulo the number of partitions.

Behind the records of each transaction stands a \`watermark\` for each of its connections. A consumer that begins needs neither the
history nor an API, and misses nothing:

1. Note where \`changes\` ends.
2. Read \`state\` from its beginning to its end (what an uncommitted reader takes for the end: behind a transaction that is under
   way others may have been committed), and on until the watermark of each connection is as high as the highest \`ce_sequence\`
   among its records: transactions lie between each other, so the end may fall within one.
3. Follow \`changes\` from the noted place, without the events of each connection up to its watermark.`

export const auditIntro = `## Who did what

\`<prefix>.audit\` tells who did what to a connection, a key or a tenant: who connected a workspace, changed its settings, replaced
its credentials, asked for a sync, approved removals, made a key. It is a topic of its own so that who reads which access there is
need not be shown who works with the integration. The key is the id of the tenant.

What is done to a connection is recorded in the very step that does it, and published in the transaction of the events that follow
from it: neither is there without the other. A record has no \`ce_sequence\` and none of the fields that every event has. Recognise a
repeat by \`ce_id\`. What was done to one connection is told in its order; between connections \`at\` says what came first. A record
that could not be told lies in \`<prefix>.dead-letter\`, and the operator is told.

\`before\` and \`after\` have those fields of the target that changed, and only fields that were chosen to be recorded: no secret, and
of people ids alone.`

export const withheldTexts = `## When something is missing

An event that Kafka refuses for its size, or that was damaged before it came here, does not stop the others. It lies as it was in
\`<prefix>.dead-letter\`, with the reason in its headers, and \`stream.event-withheld\` stands in its place, with its sequence
number. What it would have told is missing in your view, unless \`stateTold\` says that the state topic has it. The operator is
told as well, in the log of the publisher.

To know whether anything arrives at all, ask for a \`stream.verification\` through the API: all that was told before it is
before it.`

export const scimMapping = `## Beside SCIM events

For who thinks in the events of SCIM (RFC 9967):

| here | there |
|---|---|
| \`service-user.created\` | \`prov:create:full\` |
| \`service-user.updated\`, \`service-user.attributes-changed\` | \`prov:patch:full\` |
| the same, with the status closed or active | \`prov:deactivate\`, \`prov:activate\` |
| \`service-user.removed\` | \`prov:delete\` |
| \`service-user-entitlement.*\` | \`prov:patch:full\` of the user's \`entitlements\` |
| \`entitlement-nesting.*\` | \`prov:patch:full\` of the group |
| \`scope.unobservable\` | \`feed:remove\` in spirit: it is out of sight, not gone |
| \`ce_correlationid\` | \`txn\` |`
