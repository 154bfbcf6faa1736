import { describe, expect, test } from 'vitest'
import { changeOf, type Draft, draftOf, rebase, settingOfField } from './draft.ts'
import { someSettings as settings } from './testing.ts'

const present = draftOf(settings)
const typed = (part: Partial<Draft>): Draft => ({ ...present, ...part })
const only = (text: string) => ({ isAll: false, text })
const all = { isAll: true, text: '' }

describe('what was typed', () => {
  test('is no change when it says what is', () => {
    expect(changeOf(present, settings)).toEqual({ change: {}, changed: [], errors: {} })
    expect(present.removalLimit).toEqual({ percent: '7', count: '20' })
    const otherwise = typed({ name: ' Bitbucket Acme ', removalLimit: { percent: '7.0', count: '20' } })
    expect(changeOf(otherwise, settings)).toEqual({ change: {}, changed: [], errors: {} })
  })

  test.each<[string, Partial<Draft>, object]>([
    ['a name', { name: ' New ' }, { name: 'New' }],
    [
      'an interval',
      { schedule: { ...present.schedule, mode: 'interval', minutes: '30' } },
      { schedule: { mode: 'interval', minutes: 30, kind: 'incremental' } },
    ],
    ['owners', { appOwners: 'one\ntwo, one' }, { appOwners: ['one', 'two'] }],
    [
      'what is included',
      { include: { projects: only('pay, OPS'), repositories: all } },
      { include: { projects: ['PAY', 'OPS'], repositories: null } },
    ],
    ['a limit', { removalLimit: { percent: '12,5', count: '3' } }, { removalLimit: { share: 0.125, count: 3 } }],
    ['attributes', { attributes: [] }, { attributes: [] }],
  ])('is sent alone: %s', (_, part, change) => {
    expect(changeOf(typed(part), settings)).toMatchObject({ change, errors: {} })
    expect(Object.keys(changeOf(typed(part), settings).change)).toEqual(Object.keys(change))
  })

  test.each<[string, Partial<Draft>, object]>([
    ['no name', { name: ' ' }, { name: 'The name is empty: give the connection a name.' }],
    [
      'no share',
      { removalLimit: { percent: '', count: '1' } },
      { removalLimit: 'Write a share from 0 to 100 percent.' },
    ],
    [
      'half a removal',
      { removalLimit: { percent: '1', count: '0.5' } },
      { removalLimit: 'Write a whole number, 0 or more.' },
    ],
    [
      'no key of a project',
      { include: { projects: only('PAY p@y'), repositories: all } },
      { include: '“p@y” is no key of a project, such as PAY.' },
    ],
    [
      'no pattern at all',
      { include: { projects: all, repositories: only('') } },
      { include: 'Name a pattern at least, or choose all.' },
    ],
    [
      'an address for an owner',
      { appOwners: 'a@example.test' },
      {
        appOwners:
          '“a@example.test” is no id of an identity; write the id that Clarity gives it, not an e-mail address.',
      },
    ],
  ])('is not sent, and says why: %s', (_, part, errors) => {
    expect(changeOf(typed(part), settings)).toEqual({ change: {}, changed: Object.keys(errors), errors })
  })
})

describe('settings that somebody else has changed', () => {
  const theirs = {
    ...settings,
    connectApp: { ...settings.connectApp, name: 'Theirs' },
    userSettings: { ...settings.userSettings, confirmEmails: false },
  }

  test('keep what was typed, and bring the rest', () => {
    const mine = typed({ name: 'Mine', appOwners: 'one' })
    expect(rebase(mine, settings, theirs)).toEqual({
      draft: { ...mine, confirmEmails: false },
      byOthers: ['name', 'confirmEmails'],
      conflicting: ['name'],
    })
  })

  test('are no conflict when both say the same', () => {
    const { draft, conflicting } = rebase(typed({ name: 'Theirs' }), settings, theirs)
    expect(conflicting).toEqual([])
    expect(changeOf(draft, theirs).change).toEqual({})
  })
})

test('a refused field belongs to its setting', () => {
  expect(settingOfField('include.projects.0')).toBe('include')
  expect(settingOfField('schedule.pattern')).toBe('schedule')
  expect(settingOfField('names')).toBeUndefined()
})
