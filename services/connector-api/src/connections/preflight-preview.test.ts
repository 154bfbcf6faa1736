import type { Sample } from '@clarity/bitbucket'
import { PreflightPreview } from '@clarity/shared/contract/preflight-preview'
import { expect, test } from 'vitest'
import { toPreview } from './preflight-preview.ts'

const user = (index: number) => ({ uuid: `{u${index}}`, display_name: `User ${index}`, account_id: `a${index}` })
const many = Array.from({ length: 30 }, (_, index) => index)
const sample: Sample = {
  members: many.map((index) => ({ user: user(index), permission: index === 0 ? 'owner' : 'member' })),
  groups: [{ slug: 'devs', name: 'Devs', permission: null, members: many.map(user) }],
  projects: [{ uuid: '{p}', key: 'PAY', name: 'Payments' }],
  repositories: [
    { uuid: '{r}', slug: 'api', name: 'API', project: { uuid: '{p}', key: 'PAY' } },
    { uuid: '{s}', slug: 'web', name: 'Web' },
  ],
  permissions: [
    {
      resource: { kind: 'project', uuid: '{p}', name: 'Payments' },
      users: many.map((index) => ({ user: user(index), permission: index === 1 ? 'none' : 'write' })),
      groups: [{ group: { slug: 'devs', name: 'Devs' }, permission: 'admin' }],
    },
    { resource: { kind: 'repository', uuid: '{r}', name: 'API' }, users: [], groups: [] },
  ],
}

test('a preview shows the first of each kind as they are published', () => {
  const preview = PreflightPreview.parse(toPreview(sample, {}))
  expect(preview).toMatchObject({
    groups: [{ id: 'group:devs#member', name: 'Devs', members: 30 }],
    projects: [{ id: 'project:p', key: 'PAY', name: 'Payments' }],
    repositories: [
      { id: 'repository:r', slug: 'api', name: 'API', projectKey: 'PAY' },
      { id: 'repository:s', projectKey: null },
    ],
  })
  expect(preview.serviceUsers).toHaveLength(20)
  expect(preview.serviceUsers[0]).toEqual({ id: 'user:u0', displayName: 'User 0', role: 'owner' })
  const resource = { kind: 'project', id: 'project:p', name: 'Payments' }
  expect(preview.grants).toHaveLength(20)
  expect(preview.grants.slice(0, 3)).toEqual([
    { holder: { kind: 'service-user', id: 'user:u0', displayName: 'User 0' }, level: 'write', resource },
    { holder: { kind: 'group', id: 'group:devs#member', name: 'Devs' }, level: 'admin', resource },
    // Who holds none holds nothing.
    { holder: { kind: 'service-user', id: 'user:u2', displayName: 'User 2' }, level: 'write', resource },
  ])
})

test('a display name that is not published is not shown', () => {
  const preview = toPreview(sample, { attributes: ['nickname'] })
  expect(JSON.stringify(preview)).not.toContain('User ')
  expect(preview.serviceUsers[0]).toEqual({ id: 'user:u0', displayName: null, role: 'owner' })
})
