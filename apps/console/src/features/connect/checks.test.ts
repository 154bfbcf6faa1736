import { describe, expect, it } from 'vitest'
import { canGoOnWithout, mistakesOf, toChecks, unreadable } from './checks.ts'
import type { Preflight, PreflightProblem } from './preflight.ts'
import { preflightExample } from './preflight-example.ts'

const groups = 'GET /1.0/groups/{workspace_slug}'

function problem(code: string, at: Partial<PreflightProblem> = {}): PreflightProblem {
  return { field: null, endpoint: null, code, message: `says ${code}`, remedy: `mend ${code}`, ...at }
}

function preflight(changed: Partial<Preflight>): Preflight {
  return { ...preflightExample, ready: (changed.problems ?? []).length === 0, ...changed }
}

/** "Label: state" of every line that has not passed. */
function notPassed(of: Preflight): string[] {
  return toChecks(of, 'acme').flatMap(({ label, state }) => (state === 'passed' ? [] : [`${label}: ${state}`]))
}

const refusedGroups = preflight({
  problems: [problem('token-kind-unsupported', { endpoint: groups })],
  endpoints: preflightExample.endpoints.map((tried) =>
    tried.endpoint === groups
      ? { endpoint: groups, state: 'refused', code: 'token-kind-unsupported', message: 'm', remedy: 'r' }
      : tried,
  ),
})

describe('lines of a validation', () => {
  it('all pass, with counts, where nothing is in the way', () => {
    const checks = toChecks(preflightExample, 'acme')
    expect(checks.map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'Name and unique identifier: Both are free.',
      'Key and secret: Bitbucket accepts them.',
      'Permissions of the consumer: All five are there, and no more.',
      'Workspace: Acme (acme).',
      'Administration: The consumer may look as an administrator does.',
      'People and their roles: 2,000 people.',
      'Projects: 200 projects.',
      'Repositories: 5,000 repositories.',
      'Groups and who is in them: 41 groups.',
      'Permissions of people on projects: Can be read.',
      'Permissions of groups on projects: Can be read.',
      'Permissions of people on repositories: Can be read.',
      'Permissions of groups on repositories: Can be read.',
    ])
    expect(new Set(checks.map(({ state }) => state))).toEqual(new Set(['passed']))
  })

  it('say of a wrong secret only that, and what was not tried because of it', () => {
    const refused = { code: 'bad-credentials', message: 'm', remedy: 'r' }
    const scopes = { granted: null, missing: [], excess: [] }
    const of = preflight({
      ...{ problems: [problem('bad-credentials', { field: 'credential' })], scopes, administrator: null },
      credential: { state: 'refused', ...refused },
      workspace: { state: 'not-probed', reason: 'The credential gives no access' },
      endpoints: [{ endpoint: groups, state: 'not-probed', reason: 'The credential gives no access' }],
    })
    expect(notPassed(of)).toEqual([
      'Key and secret: failed',
      'Permissions of the consumer: not-tried',
      'Workspace: not-tried',
      'Groups and who is in them: not-tried',
    ])
    expect(mistakesOf(of, 'acme').key?.text).toMatch(/does not know this key and secret. Copy both again/)
    expect(canGoOnWithout(of)).toBe(false)
  })

  it('name the missing permissions once, at the consumer', () => {
    const scopes = { granted: ['account'], missing: ['project:admin', 'repository:admin'], excess: [] }
    const of = preflight({
      ...{ scopes, problems: [problem('scope-missing', { field: 'credential' })] },
      endpoints: [{ endpoint: groups, state: 'refused', code: 'scope-missing', message: 'm', remedy: 'r' }],
    })
    const [permissions, list] = toChecks(of, 'acme').filter(({ state }) => state === 'failed')
    expect(permissions).toMatchObject({
      text: 'Two permissions are missing: Projects: Admin, Repositories: Admin.',
      remedy: 'Tick them at the consumer. Read permissions do not include Admin.',
      field: 'key',
    })
    expect(list).toMatchObject({ text: 'Cannot be read without the permissions that are missing.', remedy: null })
    expect(canGoOnWithout(of)).toBe(false)
  })

  it('warn of permissions that nothing needs, and let it pass', () => {
    const scopes = { ...preflightExample.scopes, excess: ['repository:write', 'pullrequest'] }
    const of = preflight({ scopes, warnings: [problem('scope-excess', { field: 'credential' })] })
    expect(toChecks(of, 'acme').filter(({ state }) => state !== 'passed')).toMatchObject([
      {
        state: 'warning',
        text: 'This consumer may also write code. We do not need that.',
        remedy: 'Consider removing Repositories: Write, Pull requests: Read.',
      },
    ])
    expect(mistakesOf(of, 'acme')).toEqual({})
  })

  it('let one go on without a list that cannot be read', () => {
    expect(notPassed(refusedGroups)).toEqual(['Groups and who is in them: failed'])
    expect(canGoOnWithout(refusedGroups)).toBe(true)
    expect(unreadable(refusedGroups)).toEqual(['Groups and who is in them'])
    expect(canGoOnWithout(preflightExample)).toBe(false)
  })

  it('wait where time mends it, and blame no field', () => {
    const limit = { code: 'hour-used-up', message: 'm', remedy: 'r', continuesAt: '2026-10-01T09:20:00.000Z' }
    const of = preflight({
      problems: [problem('hour-used-up', { field: 'credential' })],
      credential: { state: 'unknown', ...limit },
    })
    const waiting = toChecks(of, 'acme').find(({ state }) => state === 'waiting')
    expect(waiting?.remedy).toMatch(/^Validate again at .*20/)
    expect(mistakesOf(of, 'acme')).toEqual({})
    expect(canGoOnWithout(of)).toBe(false)
  })

  it('lead to what has the name, the identifier or the workspace already', () => {
    const of = preflight({
      problems: [
        problem('name-taken', { field: 'name', connectionId: 'con_a' }),
        problem('identifier-taken', { field: 'uniqueIdentifier', removedAt: '2026-05-03T10:00:00.000Z' }),
        problem('workspace-taken', { field: 'workspace', connectionId: 'con_b' }),
      ],
    })
    expect(notPassed(of)).toEqual(['Name: failed', 'Unique identifier: failed', 'Workspace: failed'])
    expect(mistakesOf(of, 'acme')).toMatchObject({
      name: { text: 'Another application is called this. Choose a different name.', connectionId: 'con_a' },
      uniqueIdentifier: { text: expect.stringMatching(/removed on .*3.*2026/), connectionId: null },
      workspace: { connectionId: 'con_b' },
    })
  })

  it('name further credentials by their place', () => {
    const [first] = preflightExample.credentials
    if (first === undefined) throw new Error('the example has no credential')
    const of = preflight({
      problems: [problem('other-workspace', { field: 'moreCredentials.1' })],
      warnings: [problem('credential-repeated', { field: 'moreCredentials.0' })],
      credentials: [
        ...[first, first],
        { ...first, kind: 'api-token', state: 'refused', code: 'other-workspace', message: 'm', remedy: 'r' },
      ],
    })
    expect(notPassed(of)).toEqual(['Credential 2: warning', 'Credential 3: failed'])
    expect(mistakesOf(of, 'acme')['moreCredentials.1.key']?.text).toMatch(/another workspace/)
  })

  it('say what is included, and warn when nothing is', () => {
    const included = {
      ...{ projects: { included: 12, of: 200 }, repositories: { included: 300, of: 5_000 } },
      ...{ requests: 700, saved: 9_774, complete: true },
    }
    expect(toChecks(preflight({ included }), 'acme').at(-1)).toMatchObject({
      text: '12 of 200 projects and 300 of 5,000 repositories: 9,774 requests fewer for each full sync.',
    })
    const of = preflight({ included, warnings: [problem('nothing-included', { field: 'include' })] })
    expect(notPassed(of)).toEqual(['What is included: warning'])
  })
})
