import { describe, expect, test } from 'vitest'
import { Include, isIncluded, SettingsChange, settingsOf } from './settings.ts'

const repository = (slug: string, projectKey?: string) => ({ kind: 'repository', slug, projectKey }) as const

describe('what is included', () => {
  test.each([
    [{}, repository('any'), true],
    [{ projects: ['PAY'] }, { kind: 'project', key: 'PAY' } as const, true],
    [{ projects: ['PAY'] }, { kind: 'project', key: 'OPS' } as const, false],
    [{ projects: ['pay'] }, repository('any', 'PAY'), true],
    [{ projects: ['PAY'] }, repository('any', 'OPS'), false],
    [{ projects: ['PAY'] }, repository('any'), false],
    [{ repositories: ['pay-*'] }, repository('pay-api', 'OPS'), true],
    [{ repositories: ['pay-*'] }, repository('repay-api', 'OPS'), false],
    [{ repositories: ['!*-archive'] }, repository('pay-archive'), false],
    [{ repositories: ['!*-archive'] }, repository('pay'), true],
    [{ repositories: ['pay-*', '!*-archive'] }, repository('pay-archive'), false],
    [{ repositories: ['a.b'] }, repository('axb'), false],
    [{ repositories: ['pay*pay'] }, repository('pay'), false],
    [{ repositories: ['pay*pay'] }, repository('pay-pay'), true],
    [{ repositories: ['*api*'] }, repository('Payments-API-v2'), true],
    [{ repositories: ['a*b*a'] }, repository('aba'), true],
    [{ repositories: ['a*b*a'] }, repository('ab'), false],
    [{ repositories: ['*'] }, repository('any'), true],
    [{ repositories: ['exact'] }, repository('exactly'), false],
    [{ repositories: ['pay-*'] }, { kind: 'project', key: 'OPS' } as const, true],
  ])('%j has %j: %s', (include, what, expected) => {
    expect(isIncluded(Include.parse(include), what)).toBe(expected)
  })

  test.each([[{ projects: [] }], [{ repositories: [''] }], [{ repositories: ['a/b'] }], [{ projects: ['1X'] }]])(
    '%j is refused',
    (include) => {
      expect(Include.safeParse(include).success).toBe(false)
    },
  )
})

test('an owner is named by an id, never by an address', () => {
  const parsed = SettingsChange.safeParse({ appOwners: ['owner@example.test'] })
  expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['appOwners', 0]])
})

test('what was not said is as the defaults say', () => {
  expect(settingsOf({ publishLevels: 'all' })).toMatchObject({
    publishLevels: 'all',
    confirmEmails: true,
    include: { projects: null, repositories: null },
  })
})
