import { eventExamples, exampleHeaders } from '@clarity/shared/contract/event-examples'
import { type EventData, type EventName, eventData } from '@clarity/shared/contract/events'
import { describe, expect, test } from 'vitest'
import { describeEvent } from './describe-event.ts'
import type { TellingEvent } from './read-event.ts'
import { toPlain } from './sentence.ts'

const known: Readonly<Record<string, string>> = {
  'user:3f0c9a52-7d1e-4b36-9a58-0c2f6d1e8b47': 'Example Person',
  'repository:0d3fa6c1-2b84-4e57-8f19-6a7b3c9d5e20': 'payments-api',
  'project:77aa41e8-5c3d-4f92-b06e-1d8f2a9c4b35': 'Payments',
  'group:platform': 'Platform',
}
const names = (id: string) => known[id] ?? null
const repository = 'repository:0d3fa6c1-2b84-4e57-8f19-6a7b3c9d5e20'
const person = 'user:3f0c9a52-7d1e-4b36-9a58-0c2f6d1e8b47'

/** The example of an event, some of it otherwise. */
function told<Name extends EventName>(name: Name, data: Partial<EventData<Name>> = {}): TellingEvent {
  const example = { ...eventExamples[name].data, ...data }
  return { name, headers: exampleHeaders(name), data: example }
}

function lines(event: TellingEvent, by = names): readonly string[] {
  const { text, details } = describeEvent(event, by)
  return [text, ...details].map(toPlain)
}

const examples: { readonly [Name in EventName]: readonly string[] } = {
  'service-user.created': ['Example Person was seen for the first time: a person in the workspace'],
  'service-user.updated': ['The account of Example Person is now inactive', 'Before: active.'],
  'service-user.attributes-changed': [
    'What is known of Example Person changed',
    'Sign-in with two steps: yes. Before: not told.',
  ],
  'service-user.removed': [
    'Example Person left the workspace and holds nothing there any more',
    '2 reads agree on it.',
  ],
  'entitlement.created': ['Admin on Payments API is now in use'],
  'entitlement.updated': [
    'Something about admin on Payments API changed',
    'url: https://bitbucket.org/acme/payments-api. Before: https://bitbucket.org/acme/payments.',
  ],
  'entitlement.removed': ['Admin on Payments API is no longer in use'],
  'service-user-entitlement.granted': ['Example Person can now read payments-api', 'Assigned directly.'],
  'service-user-entitlement.changed': [
    'Example Person can now administer payments-api',
    'Before: write.',
    'Assigned directly.',
  ],
  'service-user-entitlement.revoked': [
    'Example Person no longer has admin on payments-api',
    'It was assigned directly.',
    '2 reads agree on it.',
  ],
  'entitlement-nesting.added': [
    'Members of the group Platform can now write to the project Payments',
    '12 people are in the group.',
  ],
  'entitlement-nesting.changed': [
    'The group Platform now gives only read on the project Payments',
    'Before: write.',
    '12 people are in the group.',
  ],
  'entitlement-nesting.removed': [
    'The group Platform no longer gives read on the project Payments',
    '12 people are in the group.',
    '2 reads agree on it.',
  ],
  'scope.unobservable': [
    'Who holds what on payments-api cannot be read',
    'Bitbucket answers 403.',
    '17 facts stay as last known; nothing was taken away. It was last read 2026-11-22T22:10:41.870Z.',
  ],
  'scope.observable': [
    'Who holds what on payments-api can be read again',
    'It could not be since 2026-11-22T22:10:41.870Z.',
  ],
  'sync.requested': ['A full sync was asked for by somebody'],
  'sync.started': ['An incremental sync began', 'It will take 940 requests, until about 2026-11-23T11:20:00.000Z.'],
  'sync.completed': [
    'An incremental sync came to its end',
    '21 added, 6 changed, 11 removed. 10,511 requests.',
    '5 scopes could not be read this time; 2 scopes are not shown or left out.',
  ],
  'sync.failed': [
    'An incremental sync failed: Bitbucket refused the credential',
    'Validate the connection; make a new OAuth consumer or API token if this one is revoked or has expired.',
    'Nothing was removed because of it.',
    '5 scopes could not be read this time; 2 scopes are not shown or left out.',
  ],
  'sync.cancelled': [
    'An incremental sync was cancelled',
    'What it had read until then is told.',
    '5 scopes could not be read this time; 2 scopes are not shown or left out.',
  ],
  'sync.held': [
    '413 removals are held: 14 % of 2,950',
    'The limit is 10 %, or 20.',
    'Without a decision until 2026-11-30T10:15:02.113Z they count as rejected.',
  ],
  'sync.released': ['Held removals were approved', '413 removed, 0 stay as they were told.'],
  'connection.created': ['The workspace acme was connected'],
  'connection.updated': [
    'The settings were changed',
    'Schedule: {"mode":"interval","minutes":60,"kind":"incremental"}. Before: {"mode":"manual"}.',
  ],
  'connection.degraded': [
    'The connection tells nothing new: token-refused',
    'Validate the connection; make a new OAuth consumer or API token if this one is revoked or has expired.',
    'Nothing was taken back.',
  ],
  'connection.recovered': [
    'The connection tells what is new again',
    'It did not since 2026-11-23T10:15:02.113Z (token-refused).',
  ],
  'connection.paused': ['The connection was paused', 'Nothing is read; what was told stays as last known.'],
  'connection.resumed': ['The connection goes on', 'It was paused since 2026-11-22T22:10:41.870Z.'],
  'connection.removed': ['The connection was removed', '4,676 records were withdrawn before.'],
  'stream.event-withheld': [
    'An event could not be told, and is missing here',
    'Kafka takes no record of 1,212,416 bytes.',
    'What it changed is missing here.',
    'The operator knows of it.',
  ],
  'stream.verification': ['Somebody tried the stream: “Monday morning check”'],
}

// The keys of an object that is typed by exactly these names.
const all = Object.keys(eventData) as EventName[]

describe('an event is a sentence', () => {
  test.each(all)('%s', (name) => {
    expect(lines(told(name))).toEqual(examples[name])
  })

  test('of a type that is newer than this page it says so, and names it', () => {
    const name = 'io.claritysecurity.access.deploy-key.added.v1'
    const headers = { ...exampleHeaders('sync.started'), ce_type: name }
    expect(lines({ name, headers, data: {} })[0]).toBe(`Something that this page has no words for: ${name}`)
  })

  test('of a form that is newer than this page it says so', () => {
    const event = { ...told('sync.held'), data: { wouldRemove: 'much' } }
    expect(lines(event)[0]).toBe('Something that this page has no words for: sync.held')
  })

  test('with names that nobody knows it says what the ids say', () => {
    const nobody = () => null
    expect(lines(told('service-user-entitlement.granted'), nobody)[0]).toBe(
      'Account 3f0c9a52 can now read the repository 0d3fa6c1',
    )
    expect(lines(told('entitlement-nesting.added'), nobody)[0]).toBe(
      'Members of the group platform can now write to the project 77aa41e8',
    )
  })
})

describe('levels are told as what they mean', () => {
  const grant = (entitlementId: EventData<'service-user-entitlement.granted'>['grant']['entitlementId']) =>
    lines(
      told('service-user-entitlement.granted', {
        grant: { id: `${person}|${entitlementId}`, serviceUserId: person, entitlementId, assignment: 'direct' },
      }),
    )[0]

  test.each([
    [`${repository}#write`, 'Example Person can now write to payments-api'],
    [`${repository}#admin`, 'Example Person can now administer payments-api'],
    [`${repository}#triage`, 'Example Person now has “triage” on payments-api'],
    [
      'project:77aa41e8-5c3d-4f92-b06e-1d8f2a9c4b35#create-repo',
      'Example Person can now create repositories in the project Payments',
    ],
    ['group:platform#member', 'Example Person is now a member of the group Platform'],
    ['workspace#owner', 'Example Person is now an owner of the workspace'],
    ['workspace#guest', 'Example Person is now “guest” of the workspace'],
  ] as const)('%s', (id, text) => {
    expect(grant(id)).toBe(text)
  })

  test('less than before is no promise of what somebody can still do', () => {
    const [text, before] = lines(
      told('service-user-entitlement.changed', {
        from: `${repository}#admin`,
        to: `${repository}#write`,
        direction: 'lowered',
      }),
    )
    expect([text, before]).toEqual(['Example Person now has only write on payments-api', 'Before: admin.'])
  })

  test('a role is lost without a word of other ways, for there are none', () => {
    const entitlementId = 'workspace#owner'
    const revoked = told('service-user-entitlement.revoked', {
      reason: 'user-left',
      grant: { id: `${person}|${entitlementId}`, serviceUserId: person, entitlementId, assignment: 'direct' },
    })
    expect(lines(revoked)).toEqual([
      'Example Person is no longer an owner of the workspace',
      'They left the workspace.',
      '2 reads agree on it.',
    ])
  })
})

describe('what changed is told by its old and new value', () => {
  test('a person under another name', () => {
    const changed = { displayName: { from: 'Old Name', to: 'New Name' } }
    const { attributes } = eventExamples['service-user.attributes-changed'].data
    const event = told('service-user.attributes-changed', {
      changed,
      attributes: { ...attributes, displayName: 'New Name' },
    })
    expect(lines(event)).toEqual(['Old Name is now called New Name'])
  })

  test('a repository under another name, for each level that is held on it', () => {
    const changed = { name: { from: 'a', to: 'b' }, 'resource.name': { from: 'ledger', to: 'ledger-2' } }
    expect(lines(told('entitlement.updated', { changed }))).toEqual([
      'The repository ledger is now called ledger-2',
      'Told of the level admin.',
    ])
  })

  test('a repository in another project', () => {
    const event = told('entitlement.updated', { changed: {}, moved: { from: 'PAY', to: 'OPS' } })
    expect(lines(event)).toEqual([
      'Payments API is now in the project OPS, before in PAY',
      'What everybody inherits from the project has changed.',
      'Told of the level admin.',
    ])
  })

  test('a member who is one no more, but holds something', () => {
    const event = told('service-user.updated', { changed: { membership: { from: 'member', to: 'outside' } } })
    expect(lines(event)[0]).toBe(
      'Example Person is no longer a member of the workspace, but still holds something there',
    )
  })

  test('a group that is perhaps another under a new name', () => {
    const { entitlement } = eventExamples['entitlement.created'].data
    const resource = { kind: 'group', slug: 'platform', name: 'Platform' } as const
    const event = told('entitlement.created', {
      entitlement: { ...entitlement, id: 'group:platform#member', kind: 'group-membership', resource },
      possibleRenameOf: 'group:core#member',
    })
    expect(lines(event)).toEqual([
      'There is now the group Platform',
      'Perhaps it is the group core under another name: it has the same members.',
    ])
  })

  test('a scope that the settings leave out is no failure', () => {
    const event = told('scope.unobservable', { reason: 'not-included', lastGoodAt: null, factsKept: 1 })
    expect(describeEvent(event, names).tone).toBe('neutral')
    expect(lines(event)).toEqual([
      'Who holds what on payments-api is left out by the settings',
      '1 fact stays as last known; nothing was taken away. It was never read.',
    ])
  })
})

describe('the sign says whether somebody gains or loses', () => {
  test.each([
    ['service-user-entitlement.granted', 'gain'],
    ['service-user-entitlement.changed', 'gain'],
    ['entitlement-nesting.changed', 'loss'],
    ['service-user-entitlement.revoked', 'loss'],
    ['sync.held', 'attention'],
    ['sync.completed', 'neutral'],
  ] as const)('%s: %s', (name, tone) => {
    expect(describeEvent(told(name), names).tone).toBe(tone)
  })
})
