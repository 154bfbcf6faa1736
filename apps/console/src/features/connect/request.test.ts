import { describe, expect, it } from 'vitest'
import { type Draft, newDraft, type Secrets } from './draft.ts'
import { describeConnection, splitList } from './request.ts'

const whole: Draft = { ...newDraft('UTC'), name: 'Bitbucket Acme', workspace: 'https://bitbucket.org/acme', key: 'key' }
const secrets: Secrets = { secret: 'secret', more: [] }

function mistakesOf(changed: Partial<Draft>, given = secrets) {
  const described = describeConnection({ ...whole, ...changed }, given)
  return described.state === 'mistaken' ? described.mistakes : {}
}

describe('connection', () => {
  it('is what the API takes once everything is there', () => {
    const described = describeConnection({ ...whole, projects: 'pay, ops', repositories: '!*-archive' }, secrets)
    expect(described).toMatchObject({
      state: 'whole',
      connection: {
        uniqueIdentifier: 'bitbucket-acme',
        workspace: 'acme',
        credential: { kind: 'oauth-consumer', key: 'key', secret: 'secret' },
        schedule: { mode: 'interval', minutes: 30, kind: 'incremental' },
        include: { projects: ['pay', 'ops'], repositories: ['!*-archive'] },
        removalLimit: { share: 0.1, count: 20 },
      },
    })
  })

  it('takes an e-mail address and a token for an administrator', () => {
    const moreCredentials = [{ kind: 'api-token' as const, key: ' ada@example.com ' }]
    const described = describeConnection({ ...whole, moreCredentials }, { secret: 'secret', more: ['token'] })
    expect(described).toMatchObject({
      connection: { moreCredentials: [{ kind: 'api-token', email: 'ada@example.com', token: 'token' }] },
    })
  })

  it('says at each field what is missing', () => {
    const described = describeConnection(newDraft('UTC'), { secret: '', more: [] })
    expect(described).toMatchObject({
      mistakes: {
        name: 'Enter a name, such as Bitbucket Acme.',
        uniqueIdentifier: expect.stringContaining('3 to 63'),
        workspace: 'Enter the workspace, or paste the address of its page.',
        key: 'Enter the key of the consumer.',
        secret: 'Enter the secret: it is not kept when you leave the page.',
      },
    })
  })

  it.each<[string, Partial<Draft>, Record<string, unknown>]>([
    ['a long name', { name: 'x'.repeat(81) }, { name: 'Shorten the name to 80 characters.' }],
    [
      'no workspace',
      { workspace: 'Acme Industries', uniqueIdentifier: 'acme' },
      { workspace: expect.stringContaining('Paste') },
    ],
    ['more than a key', { key: 'Key: abc' }, { key: expect.stringContaining('more than the key') }],
    ['a share of nothing', { removalSharePercent: '' }, { removalSharePercent: 'Write a percentage from 0 to 100.' }],
    ['half a removal', { removalCount: '0.5' }, { removalCount: 'Write a whole number, 0 or more.' }],
    [
      'an address as owner',
      { appOwners: 'id-1\nada@example.com' },
      { appOwners: expect.stringContaining('"ada@example.com" is no id') },
    ],
    ['a key of no project', { projects: '7up' }, { projects: expect.stringContaining('"7up" is no key of a project') }],
    ['a pattern of no repository', { repositories: 'pay/*' }, { repositories: expect.stringContaining('"pay/*"') }],
    [
      'a pattern of six fields',
      { schedule: 'cron', pattern: '0 0 3 * * *' },
      { pattern: expect.stringContaining('five') },
    ],
    [
      'an unknown zone',
      { schedule: 'cron', timeZone: 'Moon/Sea' },
      { timeZone: expect.stringContaining('no time zone') },
    ],
  ])('finds %s', (_, changed, mistakes) => {
    expect(mistakesOf(changed)).toEqual(mistakes)
  })

  it('names the credential at fault by its place', () => {
    const moreCredentials = [
      { kind: 'oauth-consumer' as const, key: 'other' },
      { kind: 'api-token' as const, key: 'ada' },
    ]
    expect(mistakesOf({ moreCredentials }, { secret: 'secret', more: ['', 'to ken'] })).toEqual({
      'moreCredentials.0.secret': 'Fill this in, or remove the credential.',
      'moreCredentials.1.key': 'Write the e-mail address of the Atlassian account that made the token.',
      'moreCredentials.1.secret': 'There are no spaces in it; it looks as if more was copied.',
    })
  })
})

it('splits lists by lines, blanks and commas', () => {
  expect(splitList(' a, b\n\nc;d ')).toEqual(['a', 'b', 'c', 'd'])
  expect(splitList(' \n')).toEqual([])
})
