import type { Truth } from './access.ts'

/** A workspace that has one of everything: the least on which an oracle can be tested. */
export const smallTruth: Truth = {
  uuid: '{w}',
  slug: 'acme',
  name: 'Acme',
  users: [
    { uuid: '{a}', accountId: '1:a', displayName: 'Ann', nickname: 'ann', type: 'user' },
    { uuid: '{b}', accountId: '1:b', displayName: 'Bob', nickname: 'bob', type: 'user' },
  ],
  members: [{ userUuid: '{a}', permission: 'owner' }],
  groups: [{ slug: 'devs', name: 'Devs', permission: 'write', memberUuids: ['{a}'] }],
  projects: [
    { uuid: '{p}', key: 'P', name: 'Pay', isPrivate: true, users: [], groups: [{ slug: 'devs', permission: 'write' }] },
  ],
  repositories: [
    {
      uuid: '{r}',
      slug: 'api',
      name: 'Api',
      isPrivate: true,
      projectUuid: '{p}',
      users: [{ userUuid: '{b}', permission: 'read' }],
      groups: [],
    },
  ],
}
