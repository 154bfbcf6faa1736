import { describe, expect, test } from 'vitest'
import { differences, expectedFacts, type ObservedState, observedFacts, type Truth } from './access.ts'
import { smallTruth as truth } from './small-truth.ts'

function truthfulState(): ObservedState & { grants: Map<string, unknown>; serviceUsers: Map<string, unknown> } {
  const user = (id: string, name: string, membership: string, workspaceRole?: string) => ({
    membership,
    externalIds: { uuid: `{${id}}`, accountId: `1:${id}` },
    attributes: { displayName: name, nickname: name.toLowerCase(), workspaceRole },
  })
  const workspace = { kind: 'workspace', uuid: '{w}', slug: 'acme', name: 'Acme' }
  const project = { kind: 'project', uuid: '{p}', key: 'P', name: 'Pay', private: true }
  const parent = { kind: 'project', uuid: '{p}', key: 'P' }
  const repository = { kind: 'repository', uuid: '{r}', slug: 'api', name: 'Api', private: true, parent }
  const group = { kind: 'group', slug: 'devs', name: 'Devs', defaultPermission: 'write' }
  return {
    serviceUsers: new Map([
      ['user:a', user('a', 'Ann', 'member', 'owner')],
      ['user:b', user('b', 'Bob', 'outside')],
    ]),
    entitlements: new Map([
      ['workspace#owner', { name: 'Workspace: owner', level: 'owner', resource: workspace }],
      ['workspace#member', { name: 'Workspace: member', level: 'member', resource: workspace }],
      ['group:devs#member', { name: 'Group devs: member', level: 'member', resource: group }],
      ['project:p#write', { name: 'Project P: write', level: 'write', resource: project }],
      ['repository:r#read', { name: 'Repository api: read', level: 'read', resource: repository }],
    ]),
    grants: new Map(
      ['user:a|workspace#owner', 'user:a|group:devs#member', 'user:b|repository:r#read'].map((id) => [id, {}]),
    ),
    nestings: new Map([['group:devs#member|project:p#write', {}]]),
  }
}

test('a truthful state has no difference', () => {
  expect(differences(expectedFacts(truth), observedFacts(truthfulState()))).toEqual([])
})

test('of all levels those that nobody holds are expected too, and what is left out is not', () => {
  const state = truthfulState()
  const { entitlements, serviceUsers } = expectedFacts(truth, { allLevels: true, leftOut: ['nickname'] })
  expect(
    Object.keys(entitlements)
      .filter((id) => !state.entitlements.has(id))
      .toSorted(),
  ).toEqual([
    ...['project:p#admin', 'project:p#create-repo', 'project:p#read'],
    ...['repository:r#admin', 'repository:r#write', 'workspace#collaborator'],
  ])
  expect(serviceUsers['user:a']).toMatchObject({ displayName: 'Ann', nickname: undefined })
})

describe('a planted violation is found', () => {
  const planted: Record<string, (state: ReturnType<typeof truthfulState>) => void> = {
    'a lost grant': (state) => state.grants.delete('user:b|repository:r#read'),
    'an invented grant': (state) => state.grants.set('user:b|workspace#owner', {}),
    'a lost service user': (state) => state.serviceUsers.delete('user:b'),
    'an outsider taken for a member': (state) =>
      state.serviceUsers.set('user:b', { ...state.serviceUsers.get('user:a') }),
    'a lost entitlement': (state) => (state.entitlements as Map<string, unknown>).delete('project:p#write'),
    'a lost nesting': (state) => (state.nestings as Map<string, unknown>).clear(),
  }
  test.each(Object.entries(planted))('%s', (_name, plant) => {
    const state = truthfulState()
    plant(state)
    expect(differences(expectedFacts(truth), observedFacts(state))).not.toEqual([])
  })

  test('a changed name', () => {
    const renamed: Truth = { ...truth, name: 'Other' }
    expect(differences(expectedFacts(renamed), observedFacts(truthfulState()))).toHaveLength(2)
  })
})
